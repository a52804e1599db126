import { tenantForFile } from '../support/scene';
import type { Reply } from '../support/client';
import { punch } from './entries';

const list = '/api/audit-logs';
const search = '/api/attendance-admin/audit-logs';
const { server, tenant: acme } = tenantForFile();

interface Told {
  entity: string;
  action: string;
  entityId: string;
  requestId: string;
  outcome: string;
  actor?: object;
  employee?: object;
  punch?: object;
}
const asked = async (query: Record<string, string | number>, path = list): Promise<Told[]> => {
  const { status, body } = await acme.admin.api.get(path, { query });
  expect([query, status]).toEqual([query, 200]);
  return body.data;
};
const told = (entries: Told[]) => entries.map(({ entity, action }) => `${entity} ${action}`).sort();
const made = ({ status, body }: Reply) => {
  expect([status, body]).toEqual([201, expect.any(Object)]);
  return body.id as string;
};

describe('the ledger is found by', () => {
  it('the punch: what was done to it, and the correction that was asked for', async () => {
    const [id = '', other = ''] = await punch(acme, 2);
    const asking = { kind: 'removed_punch', punchId: id, reason: 'Pressed by mistake' };
    const correction = made(await acme.employee.api.post('/api/corrections', asking));
    expect(told(await asked({ punchId: id }))).toEqual(['Correction created', 'Punch created']);
    expect(told(await asked({ punchId: other }))).toEqual(['Punch created']);
    expect(await asked({ punchId: id, entity: 'correction' })).toMatchObject([{ entityId: correction }]);
  });

  it('the schedule: its own entries and those of its shifts, whatever they say', async () => {
    const plan = (name: string) => ({
      employeeId: acme.employee.id,
      startDate: '2026-04-01',
      endDate: '2026-04-30',
      name,
    });
    const id = made(await acme.admin.api.post('/api/schedules', plan('April')));
    made(
      await acme.admin.api.post('/api/schedules', { ...plan('May'), startDate: '2026-05-01', endDate: '2026-05-31' }),
    );
    const shift = { dayOfWeek: 1, startTime: '09:00', endTime: '17:00', breakMinutes: 60 };
    made(await acme.admin.api.post(`/api/schedules/${id}/shifts`, shift));
    expect(told(await asked({ scheduleId: id }))).toEqual(['Schedule created', 'Shift created']);
    expect(told(await asked({ scheduleId: id }, search))).toEqual(['Schedule created', 'Shift created']);
  });

  it('the request, and by how it ended', async () => {
    const { body, headers } = await acme.admin.api.post('/api/attendance/holidays', {
      date: '2026-12-25',
      name: 'Christmas',
    });
    const requestId = headers.get('x-request-id') ?? '';
    expect(await asked({ requestId })).toMatchObject([{ entity: 'Holiday', entityId: body.id, outcome: 'success' }]);
    expect(await asked({ requestId, outcome: 'failure' })).toEqual([]);
    expect((await asked({ outcome: 'success', limit: 1 })).length).toBe(1);
  });

  it('what it does not know is refused by name', async () => {
    const wrong: [string, string][] = [
      ['punchId', 'x'],
      ['exceptionId', 'x'],
      ['scheduleId', 'x'],
      ['outcome', 'maybe'],
      ['include', 'actor,secrets'],
    ];
    for (const [name, value] of wrong) {
      const { status, body } = await acme.admin.api.get(list, { query: { [name]: value } });
      expect([name, status, body.errors[0].pointer]).toEqual([name, 400, `?${name}`]);
    }
  });
});

describe('an entry brings along, for whoever asks (ADD-01)', () => {
  it('who did it, whom it is about, and the punch as it is now', async () => {
    const [id = ''] = await punch(acme, 1, 500);
    const { admin, employee } = acme;
    const query = { punchId: id, include: 'actor,employee,punch' };
    const companions = {
      actor: { id: admin.id, name: admin.name },
      employee: { id: employee.id, name: employee.name },
      punch: {
        id,
        employeeId: employee.id,
        type: 'in',
        occurredAt: expect.stringMatching(/Z$/),
        source: expect.any(String),
        status: 'active',
      },
    };
    expect(await asked(query)).toEqual([expect.objectContaining(companions)]);
    expect(await asked({ ...query, q: id }, search)).toEqual([expect.objectContaining(companions)]);
    await admin.api.delete(`/api/punches/${id}`, { reason: 'For the wrong person' });
    const [deleted] = await asked({ ...query, action: 'deleted', include: 'punch' });
    expect(deleted?.punch).toMatchObject({ id, status: 'deleted' });
    const [bare] = await asked({ punchId: id });
    expect(Object.keys(bare ?? {})).toEqual(expect.not.arrayContaining(['actor', 'employee', 'punch']));
  });

  it('nothing of people and punches that are not there', async () => {
    const { body } = await acme.admin.api.post('/api/attendance/holidays', { date: '2026-12-26', name: 'Boxing Day' });
    const [entry] = await asked({ entityId: body.id, include: 'actor,employee,punch' });
    expect(entry?.actor).toEqual({ id: acme.admin.id, name: acme.admin.name });
    expect(Object.keys(entry ?? {})).toEqual(expect.not.arrayContaining(['employee', 'punch']));
  });
});

describe('a search by text', () => {
  it('says how far it looked, and goes on from there to the end', async () => {
    const other = await server.world.tenant();
    await server.database.sql(
      `INSERT INTO audit_logs (tenant_id, user_id, action, entity, entity_id, changes, request_id, canonical)
       SELECT $1, $2, 'create', 'punch', n::text, jsonb_build_object('before', NULL, 'after', CASE WHEN n IN (1, 60000) THEN '{"note": "needle"}'::jsonb END), 'r', 'x'
       FROM generate_series(1, 60000) n`,
      [other.id, other.admin.id],
    );
    const find = async (query: Record<string, string>, path = search) =>
      (await other.admin.api.get(path, { query: { q: 'needle', ...query } })).body;
    const first = await find({});
    expect(first).toMatchObject({
      total: 1,
      data: [{ entityId: '60000' }],
      searchedUntil: expect.stringMatching(/Z$/),
    });
    const second = await find({ cursor: first.nextCursor });
    expect(second).toMatchObject({ total: 1, page: 1, data: [{ entityId: '1' }] });
    expect([second.nextCursor, second.searchedUntil]).toEqual([undefined, undefined]);
    const foreign = await acme.admin.api.get(search, { query: { q: 'needle', cursor: first.nextCursor } });
    expect([foreign.status, foreign.body.code]).toEqual([400, 'cursor_invalid']);
    const listed = await find({}, list);
    expect(listed).toMatchObject({ data: [{ entityId: '60000' }], searchedUntil: expect.any(String) });
    expect(await find({ cursor: listed.nextCursor }, list)).toMatchObject({ data: [{ entityId: '1' }] });
  });
});
