import { randomUUID } from 'node:crypto';
import { id, onDate, outcome, planning, weekly } from './scene';

const { server, acme, planner, someone } = planning();

describe('bad input', () => {
  const faults = (reply: { body: any }) =>
    reply.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);

  it('refuses nobody, somebody else’s and the deactivated, with a pointer', async () => {
    const globex = await server.world.tenant();
    const body = { name: 'Plan', startDate: '2027-01-04' };
    for (const employeeId of [randomUUID(), globex.employee.id]) {
      const reply = await acme.admin.api.post('/api/schedules', { ...body, employeeId });
      expect([outcome(reply), faults(reply)]).toEqual([
        [422, 'employee_unknown'],
        [['/employeeId', 'employee_unknown']],
      ]);
    }
    const anna = await someone();
    const draft = id(await planner.schedule(anna, '2027-01-04'));
    await acme.admin.api.delete(`/api/users/${anna.id}`);
    expect(outcome(await planner.schedule(anna, '2027-01-04'))).toEqual([422, 'employee_inactive']);
    expect(outcome(await planner.publish(draft))).toEqual([422, 'employee_inactive']);
  });

  it('refuses dates out of employment, and an end before the start', async () => {
    const anna = await someone();
    await server.database.sql(`UPDATE users SET hired_on = '2027-02-01', left_on = '2027-06-30' WHERE id = $1`, [
      anna.id,
    ]);
    const early = await planner.schedule(anna, '2027-01-31');
    expect([outcome(early), faults(early)]).toEqual([
      [422, 'outside_employment'],
      [['/startDate', 'outside_employment']],
    ]);
    const late = await planner.schedule(anna, '2027-02-01', { endDate: '2027-07-01' });
    expect([outcome(late), faults(late)]).toEqual([[422, 'outside_employment'], [['/endDate', 'outside_employment']]]);
    expect(outcome(await planner.schedule(anna, '2027-03-01', { endDate: '2027-02-28' }))).toEqual([
      422,
      'end_before_start',
    ]);
    const dated = await planner.shift(
      id(await planner.schedule(anna, '2027-06-01')),
      onDate('2027-07-01', '09:00-17:00'),
    );
    expect([outcome(dated), faults(dated)]).toEqual([[422, 'outside_employment'], [['/date', 'outside_employment']]]);
    const open = await planner.published(
      anna,
      '2027-06-28',
      undefined,
      weekly(3, '09:00-17:00'),
      weekly(4, '09:00-17:00'),
    );
    expect([open.status, (await planner.instances(anna, '2027-06-28', '2027-07-10')).map((each) => each.date)]).toEqual(
      [201, ['2027-06-30']],
    );
  });

  it('refuses a shift of 40 hours, one without hours, overlapping segments and a break as long as the shift', async () => {
    const made = id(await planner.schedule(await someone(), '2027-01-04'));
    const refused = async (body: Record<string, unknown>) => {
      const reply = await planner.shift(made, { dayOfWeek: 1, ...body });
      return [outcome(reply), faults(reply)];
    };
    expect(await refused({ segments: ['08:00-20:00', '07:00-23:59'] })).toEqual([
      [422, 'shift_too_long'],
      [['/segments', 'shift_too_long']],
    ]);
    expect(await refused({ segments: ['22:00-06:00', '05:00-08:00'] })).toEqual([
      [409, 'shifts_overlap'],
      [['/segments/1', 'shifts_overlap']],
    ]);
    expect(await refused({ startTime: '09:00', endTime: '10:00', breakMinutes: 60 })).toEqual([
      [400, 'validation_failed'],
      [['/breakMinutes', 'invalid']],
    ]);
    expect(await refused({ startTime: '09:00' })).toEqual([[400, 'validation_failed'], [['/endTime', 'invalid']]]);
    expect((await refused({ startTime: '25:00', endTime: '26:00' }))[0]).toEqual([400, 'validation_failed']);
    expect(await refused({ dayOff: true })).toEqual([[400, 'validation_failed'], [['/dayOff', 'invalid']]]);
  });

  it('keeps weekdays out of rotations, days of a cycle out of weeks, and dates within the schedule', async () => {
    const anna = await someone();
    const rotation = { cycleDays: 4, anchor: '2027-01-04' };
    const turning = id(await planner.schedule(anna, '2027-01-04', { rotation, endDate: '2027-01-31' }));
    const week = id(await planner.schedule(anna, '2027-01-04'));
    const hours = { startTime: '09:00', endTime: '17:00' };
    const refused = async (schedule: string, body: Record<string, unknown>) =>
      faults(await planner.shift(schedule, { ...hours, ...body }))[0][0];
    expect(await refused(turning, { dayOfWeek: 1 })).toBe('/dayOfWeek');
    expect(await refused(turning, { cycleDay: 5 })).toBe('/cycleDay');
    expect(await refused(week, { cycleDay: 1 })).toBe('/cycleDay');
    expect(await refused(turning, { date: '2027-02-01' })).toBe('/date');
    expect(await refused(turning, { date: '2027-01-05', cycleDay: 1 })).toBe('/dayOfWeek');
    await planner.shift(turning, { ...hours, cycleDay: 4 });
    await planner.shift(week, { ...hours, dayOfWeek: 4 });
    const shorter = await planner.api.patch(`/api/schedules/${turning}`, { rotation: { ...rotation, cycleDays: 3 } });
    expect([outcome(shorter), faults(shorter)]).toEqual([[400, 'validation_failed'], [['/rotation', 'invalid']]]);
    expect((await planner.api.patch(`/api/schedules/${week}`, { rotation })).status).toBe(400);
    expect(
      (await planner.api.patch(`/api/schedules/${turning}`, { rotation: { ...rotation, cycleDays: 5 } })).status,
    ).toBe(200);
  });

  it('names no shift that is not of the schedule', async () => {
    const [one, two] = [
      await planner.schedule(await someone(), '2027-01-04'),
      await planner.schedule(await someone(), '2027-01-04'),
    ];
    const shift = id(await planner.shift(id(one), weekly(1, '09:00-17:00')));
    expect(outcome(await planner.api.patch(`/api/schedules/${id(two)}/shifts/${shift}`, { endTime: '16:00' }))).toEqual(
      [404, 'not_found'],
    );
    expect((await planner.api.delete(`/api/schedules/${id(two)}/shifts/${shift}`)).status).toBe(404);
  });

  it('lets what was deleted or superseded rest', async () => {
    const made = id(await planner.schedule(await someone(), '2027-01-04'));
    expect((await planner.api.delete(`/api/schedules/${made}`)).body.status).toBe('deleted');
    expect((await planner.api.delete(`/api/schedules/${made}`)).status).toBe(200);
    expect(outcome(await planner.publish(made))).toEqual([409, 'conflict']);
    expect(outcome(await planner.shift(made, weekly(1, '09:00-17:00')))).toEqual([409, 'conflict']);
    expect((await planner.api.get(`/api/schedules/${made}`)).body.status).toBe('deleted');
  });

  it('asks for at most 62 days of planned shifts', async () => {
    const ask = (from: string, to: string) => planner.api.get('/api/shift-instances', { query: { from, to } });
    expect((await ask('2027-01-01', '2027-03-03')).status).toBe(200);
    expect(outcome(await ask('2027-01-01', '2027-03-04'))).toEqual([422, 'span_too_long']);
    expect(outcome(await ask('2027-01-02', '2027-01-01'))).toEqual([422, 'end_before_start']);
  });
});
