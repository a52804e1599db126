import { recordedTypes, step } from '../../src/attendance/punches/presence';
import { daysInBerlin } from './scene';

const { server, acme } = daysInBerlin();

describe('the presence board', () => {
  it('shows who is in, on a break, late, expected and out', async () => {
    const people = await Promise.all(['in', 'break', 'late', 'expected', 'out'].map((name) => acme.person({ name })));
    const [present, resting, late, expected, gone] = people;
    if (!present || !resting || !late || !expected || !gone) throw new Error('nobody is there');
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const tell = (employeeId: string, type: string, timestamp: string) =>
      acme.admin.api.post('/api/punches/batch', { punches: [{ employeeId, type, timestamp }] });
    await tell(present.id, 'in', ago(30));
    await tell(resting.id, 'in', ago(60));
    await tell(resting.id, 'break_start', ago(10));
    await tell(gone.id, 'in', ago(90));
    await tell(gone.id, 'out', ago(20));
    const plan = async (who: string, from: number, to: number) => {
      await server.database.sql(
        `WITH plan AS (INSERT INTO schedules (tenant_id, employee_id, name, start_date, created_by) VALUES ($1, $2, 'p', now()::date, $2) RETURNING id)
         INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments, local_start, local_end, break_seconds)
         SELECT $1, $2, plan.id, plan.id, now()::date, now() + make_interval(mins => $3::int), now() + make_interval(mins => $4::int),
           now() + make_interval(mins => $3::int - 60), now() + make_interval(mins => $4::int + 60), '{0,1}', '', '', 0 FROM plan`,
        [acme.id, who, from, to],
      );
    };
    await plan(late.id, -40, 400);
    await plan(expected.id, 20, 400);
    const { status, body } = await acme.approver.api.get('/api/attendance/presence');
    expect(status).toBe(200);
    const state = (id: string) =>
      (body.data as { employeeId: string; state: string }[]).find((each) => each.employeeId === id);
    expect(people.map(({ id }) => state(id)?.state)).toEqual(['in', 'break', 'late', 'expected', 'out']);
    expect(state(late.id)).toMatchObject({ lateMinutes: 40 });
    expect(body.counts).toEqual({ in: 1, break: 1, late: 1, absent: 0, expected: 1, leave: 0, out: 4 });
    const only = await acme.approver.api.get('/api/attendance/presence', { query: { state: 'late' } });
    expect((only.body.data as { employeeId: string }[]).map((each) => each.employeeId)).toEqual([late.id]);
    const own = await late.api.get('/api/attendance/presence');
    expect((own.body.data as { employeeId: string }[]).map((each) => each.employeeId)).toEqual([late.id]);
  });

  it('agrees with the state machine of punches about everybody, whatever their last punch was and however long ago', async () => {
    const timeout = 16 * 60;
    const cases = recordedTypes.flatMap((type) => [60, timeout - 5, timeout + 5].map((minutes) => ({ type, minutes })));
    const people = await Promise.all(cases.map(() => acme.person({})));
    const now = Date.now();
    const at = (minutes: number) => new Date(now - minutes * 60_000);
    for (const [index, { type, minutes }] of cases.entries()) {
      await server.database.sql(
        `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
         VALUES ($1, gen_random_uuid(), $2, $3, $4, now(), 0, 'terminal', '{}', $2)`,
        [acme.id, people[index]?.id, type, at(minutes).toISOString()],
      );
    }
    const { body } = await acme.admin.api.get('/api/attendance/presence');
    const board = new Map(
      (body.data as { employeeId: string; state: string }[]).map((each) => [each.employeeId, each.state]),
    );
    const states = cases.map(
      ({ type, minutes }) => step('in', new Date(now), { type, at: at(minutes) }, timeout * 60_000).state,
    );
    expect(people.map(({ id }) => board.get(id))).toEqual(states);
    expect(new Set(states)).toEqual(new Set(['in', 'break', 'out']));
  });
});
