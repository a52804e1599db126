import { berlin, daysInBerlin } from './scene';

const { acme, days } = daysInBerlin();

const dates = (count: number, first = '2026-03-04') =>
  Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(`${first}T00:00:00Z`) + index * 86_400_000).toISOString().slice(0, 10),
  );
const twelveHours = (date: string) => [`in ${date}T08:00`, `out ${date}T20:00`];

it('OT-TT-02: in a rolling run every day from the seventh on is paid as one, in whatever order the days are told', async () => {
  await days.policy({
    overtime: { seventhDay: { days: 7, scope: 'rolling', tiers: [{ afterMinutes: 480, rate: 2 }] } },
  });
  const run = dates(24);
  const late = run[17] ?? '';
  for (const part of [run.slice(0, 10), run.slice(10, 17), run.slice(18)]) {
    await days.punch(acme.employee, berlin, ...part.flatMap(twelveHours));
    await days.compute();
  }
  const doubled = async () =>
    Promise.all(
      run.map(async (date) => (await days.day(acme.employee, date)).body.doubleTimeMinutes as number | undefined),
    );
  // The eighteenth day is missing: the run begins anew behind it.
  expect(await doubled()).toEqual(
    run.map((date, index) => (date === late ? undefined : index >= 6 && index < 17 ? 240 : 0)),
  );
  await days.punch(acme.employee, berlin, ...twelveHours(late));
  await days.compute();
  expect(await doubled()).toEqual(run.map((_, index) => (index >= 6 ? 240 : 0)));
});

it('SEG-56: a day that leave excuses in part is ADJUSTED, its worked minutes unchanged', async () => {
  await days.shift(acme.employee, berlin, '2026-03-02', '09:00-17:00');
  await days.punch(acme.employee, berlin, 'in 2026-03-02T13:00', 'out 2026-03-02T17:00');
  await days.compute();
  const before = (await days.day(acme.employee, '2026-03-02')).body;
  expect(before).toMatchObject({ status: 'PRESENT', workedMinutes: 240, lateMinutes: 240 });
  const leave = {
    employeeId: acme.employee.id,
    date: '2026-03-02',
    startTime: '09:00',
    endTime: '13:00',
    code: 'doctor',
  };
  expect((await acme.admin.api.post('/api/attendance/leave', leave)).status).toBe(201);
  await days.compute();
  const after = (await days.day(acme.employee, '2026-03-02')).body;
  expect(after).toMatchObject({ status: 'ADJUSTED', workedMinutes: 240, lateMinutes: 0 });
  expect(after.explanation).toContain('Leave: doctor, 4 h of the planned time.');
});

it.each([
  ['exactly to the end of the window', '2026-03-02T18:00:00Z', 'UNDECIDED'],
  ['beyond it', '2026-03-02T18:00:01Z', 'ABSENT'],
])('ABS-01: a shift whose devices have delivered %s', async (_what, watermark, status) => {
  const shift = { date: '2026-03-02', startTime: '09:00', endTime: '17:00', windowAfterMinutes: 120 };
  const reply = await acme.employee.api.post('/api/attendance/rules/preview', {
    timeZone: berlin,
    shifts: [shift],
    punches: [],
    from: '2026-03-02',
    to: '2026-03-02',
    watermark,
  });
  expect([reply.status, reply.body.days?.[0]?.status]).toEqual([200, status]);
});
