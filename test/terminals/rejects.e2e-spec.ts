import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import { YEAR } from './dates';
import { line, registered, type Registered } from './terminal';

const { server, tenant: acme } = tenantForFile({}, startServer);

beforeAll(async () => {
  await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [acme.employee.id, '42']);
});

interface Reject {
  id: string;
  line: string;
  reason: string;
  dismissal?: { reason: string; by: string; at: string };
}
const rejects = async ({ id }: Registered, status?: string) => {
  const query = { deviceId: id, ...(status ? { status } : {}) };
  return ((await acme.admin.api.get('/api/devices/rejects', { query })).body as { data: Reject[] }).data;
};
const dismiss = (device: Registered, rejectIds: unknown, api = acme.admin.api, reason: unknown = 'Power cut') =>
  api.post(`/api/devices/${device.id}/rejects/dismiss`, { rejectIds, reason });
const reset = line('42', '2000-01-01 00:07:12');

describe('B.2: a line that was rejected', () => {
  it('is dismissed with a reason, which stands in the ledger', async () => {
    const device = await registered(server.stranger, acme);
    await device.terminal.tell([reset, 'rubbish']);
    const found = (await rejects(device)).find(({ reason }) => reason === 'clock_reset');
    expect((await dismiss(device, [found?.id])).body).toEqual({ dismissed: 1 });
    expect((await rejects(device)).map(({ line: text }) => text)).toEqual(['rubbish']);
    expect(await rejects(device, 'dismissed')).toMatchObject([
      { line: reset, reason: 'clock_reset', dismissal: { reason: 'Power cut', by: acme.admin.id } },
    ]);
    expect(await rejects(device, 'all')).toHaveLength(2);
    const entries = await server.database.sql<{ action: string; changes: unknown }>(
      'SELECT action, changes FROM audit_logs WHERE entity_id = $1 ORDER BY seq DESC LIMIT 1',
      [device.id],
    );
    expect(entries).toMatchObject([{ action: 'reject', changes: { after: { dismissal: 'Power cut' } } }]);
  });

  it('and dismissed makes no punch any more: neither tried again, nor sent again', async () => {
    const device = await registered(server.stranger, acme);
    const early = line('4243', `${YEAR}-03-02 08:00:00`);
    await device.terminal.tell([reset, early]);
    await dismiss(
      device,
      (await rejects(device)).map(({ id }) => id),
    );
    await acme.admin.api.post(`/api/devices/${device.id}/pins`, { pin: '4243', employeeId: acme.employee.id });
    const again = await acme.admin.api.post(`/api/devices/${device.id}/rejects/retry`, undefined, {
      query: { clock: 'trusted' },
    });
    expect(again.body).toEqual({ recorded: 0, duplicate: 0, rejected: 0 });
    expect((await device.terminal.tell([early, reset])).text).toBe('OK: 2');
    expect(await rejects(device)).toEqual([]);
    expect(await server.database.count('punches', 'device_id = $1', [device.id])).toBe(0);
  });

  it('is dismissed together with others or not at all, once, and only where it is', async () => {
    const [device, other] = [await registered(server.stranger, acme), await registered(server.stranger, acme)];
    await device.terminal.tell(['rubbish', 'more rubbish']);
    const [one, two] = (await rejects(device)).map(({ id }) => id);
    expect((await dismiss(other, [one])).status).toBe(404);
    expect((await dismiss(device, [one, '01939c2f-51d0-7a3e-9b0e-0c35a3d1f0d1'])).status).toBe(404);
    expect(await rejects(device)).toHaveLength(2);
    expect((await dismiss(device, [one])).status).toBe(200);
    expect((await dismiss(device, [one, two])).body).toMatchObject({ code: 'already_decided' });
    expect(await rejects(device)).toHaveLength(1);
  });

  it.each([
    [[], 'x'],
    [['x'], 'x'],
    [['01939c2f-51d0-7a3e-9b0e-0c35a3d1f0d1'], ' '],
  ])('is not dismissed with %j and %j', async (ids, reason) => {
    const device = await registered(server.stranger, acme);
    expect((await dismiss(device, ids, acme.admin.api, reason)).status).toBe(400);
  });

  it('is dismissed by administrators only', async () => {
    const device = await registered(server.stranger, acme);
    await device.terminal.tell(['rubbish']);
    const ids = (await rejects(device)).map(({ id }) => id);
    for (const { api } of [acme.approver, acme.employee]) expect((await dismiss(device, ids, api)).status).toBe(403);
  });
});
