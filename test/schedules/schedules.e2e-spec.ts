import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import type { Person } from '../support/world';
import { date, id, next, onDate, outcome, Planner, planning, weekly } from './scene';

const { server, acme, planner, someone } = planning();
const entries = (entityId: string) =>
  server.database.sql<{ action: string; entity: string; changes: { before: any; after: any } }>(
    'SELECT action, entity, changes FROM audit_logs WHERE entity_id = $1 ORDER BY id',
    [entityId],
  );

describe('a schedule', () => {
  it('is a draft as existing clients make it, and takes shifts by weekday', async () => {
    const anna = await someone();
    const made = await planner.schedule(anna, '2027-01-04', { endDate: '2027-01-31' });
    expect([made.status, made.body.status, made.headers.get('location')]).toEqual([
      201,
      'draft',
      `/api/schedules/${id(made)}`,
    ]);
    const shift = await planner.shift(id(made), weekly(1, '09:00-17:30', { breakMinutes: 30 }));
    expect(shift.status).toBe(201);
    expect(shift.body).toMatchObject({
      dayOfWeek: 1,
      startTime: '09:00',
      endTime: '17:30',
      segments: ['09:00-17:30'],
      breakMinutes: 30,
      windowBeforeMinutes: 60,
      windowAfterMinutes: 120,
    });
    const read = await anna.api.get(`/api/schedules/${id(made)}`);
    expect(read.body).toMatchObject({ id: id(made), shifts: [{ id: id(shift) }] });
    expect(read.headers.get('etag')).toBe(`"${read.body.version}"`);
    expect((await anna.api.get(`/api/schedules/${id(made)}/shifts`)).body.data).toEqual([shift.body]);
    expect(await planner.instances(anna, '2027-01-04', '2027-01-31')).toEqual([]);
  });

  it('is told once under one key', async () => {
    const anna = await someone();
    const body = { employeeId: anna.id, name: 'Once', startDate: '2027-01-04' };
    const key = aKey();
    const first = await acme.admin.api.post('/api/schedules', body, { key });
    const second = await acme.admin.api.post('/api/schedules', body, { key });
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect(await server.database.count('schedules', 'employee_id = $1', [anna.id])).toBe(1);
  });

  it('is listed by person, status and the span it meets, page by page', async () => {
    const anna = await someone();
    const spring = id(await planner.schedule(anna, '2027-03-01', { endDate: '2027-05-31' }));
    const later = id(await planner.schedule(anna, '2027-06-01'));
    const gone = id(await planner.schedule(anna, '2027-07-01'));
    await planner.api.delete(`/api/schedules/${gone}`);
    const list = async (query: Record<string, string | number>) =>
      (await planner.api.get('/api/schedules', { query: { employeeId: anna.id, ...query } })).body as {
        data: { id: string }[];
        nextCursor?: string;
      };
    const ids = async (query: Record<string, string>) => (await list(query)).data.map((each) => each.id);
    expect(await ids({})).toEqual([later, spring]);
    expect(await ids({ status: 'all' })).toEqual([gone, later, spring]);
    expect(await ids({ status: 'deleted' })).toEqual([gone]);
    expect(await ids({ from: '2027-06-01' })).toEqual([later]);
    expect(await ids({ to: '2027-05-31' })).toEqual([spring]);
    expect(await ids({ from: '2027-05-31', to: '2027-06-01' })).toEqual([later, spring]);
    const first = await list({ limit: 1 });
    const second = await list({ limit: 1, cursor: first.nextCursor ?? '' });
    expect([first.data[0]?.id, second.data[0]?.id, second.nextCursor]).toEqual([later, spring, undefined]);
  });

  it('leaves evidence of what was and what is', async () => {
    const anna = await someone();
    const made = id(await planner.schedule(anna, next(1), { publish: false }));
    const shift = id(await planner.shift(made, weekly(1, '09:00-17:00')));
    await planner.api.patch(`/api/schedules/${made}/shifts/${shift}`, { startTime: '08:00' });
    await planner.publish(made);
    await planner.api.patch(`/api/schedules/${made}`, { name: 'Renamed' });
    await planner.api.delete(`/api/schedules/${made}/shifts/${shift}`);
    await planner.api.delete(`/api/schedules/${made}`);
    const schedule = await entries(made);
    expect(schedule.map(({ action }) => action)).toEqual(['create', 'publish', 'update', 'delete']);
    expect(schedule.slice(1).map(({ changes }) => changes)).toEqual([
      { before: { status: 'draft' }, after: { status: 'published' } },
      { before: { name: 'Plan' }, after: { name: 'Renamed' } },
      { before: { status: 'published' }, after: { status: 'deleted' } },
    ]);
    const shifts = await entries(shift);
    expect(shifts.map(({ action, entity }) => `${entity} ${action}`)).toEqual([
      'shift create',
      'shift update',
      'shift delete',
    ]);
    expect(shifts[1]?.changes).toEqual({
      before: { segments: ['09:00-17:00'] },
      after: { segments: ['08:00-17:00'] },
    });
  });

  it('is not overwritten when somebody else changed it meanwhile', async () => {
    const made = await planner.schedule(await someone(), '2027-01-04');
    const shift = await planner.shift(id(made), weekly(1, '09:00-17:00'));
    const stale = { headers: { 'if-match': made.headers.get('etag') ?? '' } };
    expect(outcome(await planner.api.patch(`/api/schedules/${id(made)}`, { name: 'Late' }, stale))).toEqual([
      412,
      'precondition_failed',
    ]);
    expect((await planner.api.post(`/api/schedules/${id(made)}/publish`, {}, stale)).status).toBe(412);
    expect((await planner.api.delete(`/api/schedules/${id(made)}`, undefined, stale)).status).toBe(412);
    const at = `/api/schedules/${id(made)}/shifts/${id(shift)}`;
    const seen = { headers: { 'if-match': shift.headers.get('etag') ?? '' } };
    expect((await planner.api.patch(at, { endTime: '16:00' }, seen)).status).toBe(200);
    expect((await planner.api.patch(at, { endTime: '15:00' }, seen)).status).toBe(412);
    expect((await planner.api.delete(at, undefined, seen)).status).toBe(412);
    const read = await planner.api.get(`/api/schedules/${id(made)}`);
    const same = await planner.api.patch(`/api/schedules/${id(made)}`, { name: 'Plan' });
    expect(same.body.version).toBe(read.body.version);
    const fresh = { headers: { 'if-match': read.headers.get('etag') ?? '' } };
    expect((await planner.api.patch(`/api/schedules/${id(made)}`, { name: 'New' }, fresh)).status).toBe(200);
  });
});

describe('who may', () => {
  let north: { approver: Person; worker: Person };
  const unit = randomUUID();
  beforeAll(async () => {
    north = {
      approver: await acme.person({ role: 'approver', orgUnitId: unit }),
      worker: await acme.person({ orgUnitId: unit }),
    };
  });

  it('lets an approver plan for the own unit and for nobody else', async () => {
    const inside = new Planner(north.approver.api, server);
    const made = await inside.published(north.worker, date(7), date(13), onDate(date(8), '09:00-17:00'));
    expect(made.status).toBe(201);
    expect(outcome(await inside.schedule(acme.employee, date(7)))).toEqual([422, 'employee_unknown']);
    const outside = id(await planner.published(acme.employee, date(7), date(13), onDate(date(8), '09:00-17:00')));
    const refusals = [
      inside.api.get(`/api/schedules/${outside}`),
      inside.api.get(`/api/schedules/${outside}/shifts`),
      inside.api.patch(`/api/schedules/${outside}`, { name: 'Mine' }),
      inside.publish(outside),
      inside.shift(outside, weekly(1, '09:00-17:00')),
      inside.api.delete(`/api/schedules/${outside}`),
    ];
    for (const reply of await Promise.all(refusals)) expect(outcome(reply)).toEqual([404, 'not_found']);
    const seen = (await inside.api.get('/api/schedules', { query: { status: 'all' } })).body.data;
    expect(new Set(seen.map((each: { employeeId: string }) => each.employeeId))).toEqual(new Set([north.worker.id]));
    const planned = (await inside.api.get('/api/shift-instances', { query: { from: date(7), to: date(13) } })).body
      .data;
    expect(planned.map((each: { employeeId: string }) => each.employeeId)).toEqual([north.worker.id]);
  });

  it('shows employees their own plan, and lets them change nothing', async () => {
    const made = id(await planner.published(north.worker, date(21), date(28), onDate(date(22), '09:00-17:00')));
    expect((await north.worker.api.get(`/api/schedules/${made}`)).status).toBe(200);
    expect((await acme.employee.api.get(`/api/schedules/${made}`)).status).toBe(404);
    const query = { from: date(21), to: date(28) };
    expect((await north.worker.api.get('/api/shift-instances', { query })).body.data).toHaveLength(1);
    expect((await acme.employee.api.get('/api/shift-instances', { query })).body.data).toEqual([]);
    expect((await north.worker.api.patch(`/api/schedules/${made}`, { name: 'Mine' })).status).toBe(403);
    expect((await new Planner(north.worker.api, server).schedule(north.worker, date(7))).status).toBe(403);
  });
});
