import { exported } from '../exports/scene';
import { aPeriod, close } from '../pay-periods/scene';
import { berlin, daysInBerlin } from './scene';

interface Paid {
  readonly date: string;
  readonly payableMinutes: number;
  readonly regularMinutes: number;
  readonly overtimeMinutes: number;
  readonly doubleTimeMinutes: number;
  readonly premiumMinutes: number;
  readonly buckets: readonly { source: string; rate: number; minutes: number }[];
}

const { server, acme, days } = daysInBerlin();

const two = (value: number) => String(value).padStart(2, '0');
const clock = (seconds: number) =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
const isPremium = (source: string) => source === 'holiday' || source.startsWith('premium:');

/** Every day of February, from about six to about nine in the evening, each time at other seconds: overtime, double time and premiums. */
async function oddSeconds(): Promise<void> {
  await days.policy({
    overtime: { rules: 'US-CA' },
    paidBreakUpToMinutes: 0,
    premiums: [
      { name: 'Early', window: '00:00-07:00', rate: 1.25 },
      { name: 'Late', window: '19:30-24:00', rate: 2.5 },
    ],
  });
  for (let day = 1; day <= 28; day += 1) {
    const date = `2026-02-${two(day)}`;
    const [start, end] = [6 * 3600 + ((day * 97) % 61), 18 * 3600 + day * 431];
    await days.punch(acme.employee, berlin, `in ${date}T${clock(start)}`, `out ${date}T${clock(end)}`);
  }
  await days.compute();
}

function expectAddsUp(paid: Omit<Paid, 'date'>): void {
  const { payableMinutes, regularMinutes, overtimeMinutes, doubleTimeMinutes, premiumMinutes, buckets } = paid;
  expect(regularMinutes + overtimeMinutes + doubleTimeMinutes).toBe(payableMinutes);
  expect(sum(buckets.map(({ minutes }) => minutes))).toBe(payableMinutes);
  const ofPremiums = buckets.map(({ source, minutes }) => (isPremium(source) ? minutes : 0));
  expect(sum(ofPremiums)).toBe(premiumMinutes);
}

it('what a day pays adds up to the minute, the same in the list, in its export and in the totals of a period', async () => {
  await oddSeconds();
  const span = { from: '2026-02-01', to: '2026-02-28' };
  const { body } = await acme.admin.api.get('/api/attendance/days', { query: { ...span, limit: '50' } });
  const listed = (body.data as Paid[]).reverse();
  expect(listed).toHaveLength(28);
  for (const day of listed) expectAddsUp(day);
  expect(new Set(listed.flatMap(({ buckets }) => buckets.map(({ source }) => source)))).toEqual(
    new Set(['regular', 'daily', 'seventh_day', 'weekly', 'premium:Early', 'premium:Late']),
  );

  const { text } = await exported(server, acme.admin, { kind: 'days', format: 'ndjson', ...span });
  const written = text.trimEnd().split('\n');
  expect(written.map((line) => JSON.parse(line) as Paid)).toEqual(
    listed.map(({ date, payableMinutes, regularMinutes, overtimeMinutes, doubleTimeMinutes, premiumMinutes }) =>
      expect.objectContaining({
        date,
        payableMinutes,
        regularMinutes,
        overtimeMinutes,
        doubleTimeMinutes,
        premiumMinutes,
      }),
    ),
  );

  const periodId = await aPeriod(acme, { startDate: span.from, endDate: span.to });
  expect((await close(acme.admin, periodId, { acceptOpenExceptions: true, reason: 'To be paid' })).status).toBe(200);
  const totals = (await acme.admin.api.get(`/api/pay-periods/${periodId}/totals`)).body.data[0] as Paid;
  expectAddsUp(totals);
  const summary = await acme.admin.api.get('/api/attendance/summary', { query: span });
  const { payableMinutes, regularMinutes, overtimeMinutes, doubleTimeMinutes, premiumMinutes } = totals;
  const shown = { payableMinutes, regularMinutes, overtimeMinutes, doubleTimeMinutes, premiumMinutes };
  expect([summary.body.data, summary.body.totals]).toEqual([
    [expect.objectContaining(shown)],
    expect.objectContaining(shown),
  ]);

  const layout = await acme.admin.api.post('/api/attendance/export/layouts', {
    name: 'Minutes',
    header: false,
    columns: [
      { heading: 'Id', value: 'employeeId' },
      { heading: 'Code', value: 'payCode' },
      { heading: 'Minutes', value: 'amount' },
    ],
    payCodes: [
      { source: 'regular', code: '1' },
      { source: 'premium:*', code: '3' },
      { source: '*', code: '2' },
    ],
    amount: { unit: 'minutes' },
  });
  const file = await exported(server, acme.admin, { kind: 'totals', periodId, layout: layout.body.id as string });
  const paid = file.text
    .trimEnd()
    .split('\r\n')
    .map((line) => Number(line.split(',')[2]));
  expect([paid.length, sum(paid)]).toEqual([3, payableMinutes]);
});
