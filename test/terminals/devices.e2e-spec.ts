import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import { YEAR } from './dates';
import { aSerial, line, registered } from './terminal';

const { server, tenant: acme } = tenantForFile({}, startServer);

interface Entry extends Record<string, unknown> {
  changes: { before: unknown; after: unknown };
}
const entriesOf = (id: string) =>
  server.database.sql<Entry>('SELECT action, changes FROM audit_logs WHERE entity_id = $1 ORDER BY seq', [id]);

it('are kept by administrators only, and each change of one stands in the ledger', async () => {
  for (const { api } of [acme.approver, acme.employee]) expect((await api.get('/api/devices')).status).toBe(403);
  const made = await acme.admin.api.post('/api/devices', { serialNumber: aSerial(), name: 'Gate' });
  expect(made.body).toMatchObject({ timeZone: 'UTC', serialOnly: false, states: { '4': 'in', '255': 'unknown' } });
  const { id } = made.body as { id: string };
  expect(made.headers.get('location')).toBe(`/api/devices/${id}`);
  const path = `/api/devices/${id}`;
  await acme.admin.api.patch(path, { name: 'Back gate' });
  await acme.admin.api.post(`${path}/secret`);
  await acme.admin.api.delete(path);
  const entries = await entriesOf(id);
  expect(entries.map(({ action }) => action)).toEqual(['create', 'update', 'update', 'delete']);
  expect(entries[1]?.changes).toEqual({ before: { name: 'Gate' }, after: { name: 'Back gate' } });
  expect(entries[2]?.changes).toEqual({ before: { secret: '[redacted]' }, after: { secret: '[redacted]' } });
});

it('are not overwritten by somebody who read an older version', async () => {
  const { id } = await registered(server.stranger, acme);
  const path = `/api/devices/${id}`;
  const etag = (await acme.admin.api.get(path)).headers.get('etag') ?? '';
  const change = (name: string) => acme.admin.api.patch(path, { name }, { headers: { 'if-match': etag } });
  expect((await change('First')).status).toBe(200);
  expect((await change('Second')).status).toBe(412);
});

it('keep their version while they call: that they were seen is no change', async () => {
  const { id, terminal } = await registered(server.stranger, acme);
  await terminal.poll();
  expect((await acme.admin.api.get(`/api/devices/${id}`)).body).toMatchObject({ version: 1 });
});

it('are listed page by page, without the retired ones unless asked for', async () => {
  const site = await server.world.tenant();
  const ids = [];
  for (let n = 0; n < 5; n++) ids.push((await registered(server.stranger, site)).id);
  await site.admin.api.delete(`/api/devices/${ids[1] ?? ''}`);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await site.admin.api.get('/api/devices', { query: { limit: 2, ...(cursor ? { cursor } : {}) } });
    const page = body as { data: { id: string }[]; nextCursor?: string };
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(ids.filter((_, index) => index !== 1));
  const retired = await site.admin.api.get('/api/devices', { query: { status: 'retired' } });
  expect((retired.body as { data: unknown[] }).data).toHaveLength(1);
});

it.each([
  [{ timeZone: 'Europe/Atlantis' }, 422],
  [{ timeZone: '+01:00' }, 400],
  [{ states: { in: 'in' } }, 400],
  [{ states: { '0': 'lunch' } }, 400],
  [{ serialNumber: 'a b' }, 400],
  [{ status: 'active' }, 400],
])('are refused with %j', async (body, status) => {
  const reply = await acme.admin.api.post('/api/devices', { serialNumber: aSerial(), name: 'Gate', ...body });
  expect(reply.status).toBe(status);
});

it('are registered once for each serial number', async () => {
  const { terminal } = await registered(server.stranger, acme);
  const again = await acme.admin.api.post('/api/devices', { serialNumber: terminal.serialNumber, name: 'Gate' });
  expect([again.status, again.body.errors[0].pointer]).toEqual([409, '/serialNumber']);
});

describe('PINs', () => {
  it('are one person at a time, on one terminal', async () => {
    const [one, other] = [await registered(server.stranger, acme), await registered(server.stranger, acme)];
    const bind = (id: string, body: object) =>
      acme.admin.api.post(`/api/devices/${id}/pins`, { pin: '1', employeeId: acme.employee.id, ...body });
    expect((await bind(one.id, { effectiveUntil: '2026-03-31' })).status).toBe(201);
    expect((await bind(one.id, { effectiveFrom: '2026-03-31' })).status).toBe(409);
    expect((await bind(one.id, { effectiveFrom: '2026-04-01' })).status).toBe(201);
    expect((await bind(other.id, {})).status).toBe(201);
    expect((await bind(one.id, { allDevices: true })).status).toBe(201);
    expect((await bind(other.id, { allDevices: true })).status).toBe(409);
    expect((await bind(one.id, { effectiveFrom: '2026-04-02', effectiveUntil: '2026-04-01' })).status).toBe(400);
    const { body } = await acme.admin.api.get(`/api/devices/${other.id}/pins`);
    expect((body as { data: { allDevices: boolean }[] }).data.map(({ allDevices }) => allDevices)).toEqual([
      false,
      true,
    ]);
  });

  it('belong to people of the tenant', async () => {
    const globex = await server.world.tenant();
    const { id } = await registered(server.stranger, acme);
    const reply = await acme.admin.api.post(`/api/devices/${id}/pins`, { pin: '1', employeeId: globex.employee.id });
    expect([reply.status, reply.body.code]).toEqual([422, 'employee_unknown']);
  });

  it('that are unbound tell nobody any more', async () => {
    const { id, terminal } = await registered(server.stranger, acme);
    const pins = `/api/devices/${id}/pins`;
    const { body } = await acme.admin.api.post(pins, { pin: 'X9', employeeId: acme.approver.id });
    await terminal.tell([line('X9', `${YEAR}-03-02 08:00:00`)]);
    expect((await acme.admin.api.delete(`${pins}/${(body as { id: string }).id}`)).status).toBe(200);
    await terminal.tell([line('X9', `${YEAR}-03-02 09:00:00`)]);
    expect(await server.database.count('punches', 'employee_id = $1', [acme.approver.id])).toBe(1);
    const { body: rejects } = await acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id } });
    expect((rejects as { data: unknown[] }).data).toMatchObject([{ reason: 'pin_unknown', deviceId: id }]);
  });
});
