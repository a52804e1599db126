import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { line, registered, type Registered, Terminal } from './terminal';

const { server, tenant: acme } = tenantForEachTest();
let other: Person;
beforeEach(async () => {
  other = await acme.person({ role: 'admin' });
  const numbered = [
    [acme.admin, '41'],
    [acme.employee, '42'],
  ] as const;
  for (const [{ id }, number] of numbered)
    await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [id, number]);
});

const bind = (by: Person, device: Registered, employeeId: string) =>
  by.api.post(`/api/devices/${device.id}/pins`, { pin: '77', employeeId });
const retry = (by: Person, device: Registered) =>
  by.api.post(`/api/devices/${device.id}/rejects/retry`, undefined, { query: { clock: 'trusted' } });
const punchesOf = ({ id }: Person) => server.database.count('punches', "employee_id = $1 AND status = 'active'", [id]);
const ofPowerCut = (pin: string) => line(pin, '2000-01-01 00:07:12');

describe('a terminal and the administrator whose hours it tells', () => {
  it('K5: whose PIN it is, nobody says about themselves, in capital letters or small ones', async () => {
    const device = await registered(server.stranger, acme);
    for (const id of [acme.admin.id, acme.admin.id.toUpperCase()]) {
      const reply = await bind(acme.admin, device, id);
      expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([
        403,
        'self_approval',
        '/employeeId',
      ]);
    }
    expect((await bind(other, device, acme.admin.id)).status).toBe(201);
  });

  it('K5: lines that were held are not tried again by whom they are about; another administrator may', async () => {
    const device = await registered(server.stranger, acme);
    await device.terminal.tell([ofPowerCut('41')]);
    const own = await retry(acme.admin, device);
    expect([own.status, own.body.code]).toEqual([403, 'self_approval']);
    expect(await punchesOf(acme.admin)).toBe(0);
    expect((await retry(other, device)).body).toEqual({ recorded: 1, duplicate: 0, rejected: 0 });
    expect(await punchesOf(acme.admin)).toBe(1);
  });

  it('K5: beside the lines of others, their own stay held with the reason that they had', async () => {
    const device = await registered(server.stranger, acme);
    await device.terminal.tell([ofPowerCut('41'), ofPowerCut('42')]);
    expect((await retry(acme.admin, device)).body).toEqual({ recorded: 1, duplicate: 0, rejected: 1 });
    expect([await punchesOf(acme.admin), await punchesOf(acme.employee)]).toEqual([0, 1]);
    const { body } = await other.api.get('/api/devices/rejects', { query: { deviceId: device.id } });
    expect(body.data).toMatchObject([{ line: ofPowerCut('41'), reason: 'clock_reset' }]);
  });

  it('K5: what it tells late about whoever registered it waits for another; about others, and of now, it counts', async () => {
    const device = await registered(server.stranger, acme, { timeZone: 'UTC' });
    const at = (hoursAgo: number) =>
      new Date(Date.now() - hoursAgo * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    const [old, present] = [at(60 * 24), at(0)];
    await device.terminal.tell([line('41', old), line('42', old), line('41', present)]);
    const told = await server.database.sql<{ status: string }>(
      'SELECT status FROM punches WHERE device_id = $1 AND employee_id = $2 ORDER BY occurred_at',
      [device.id, acme.admin.id],
    );
    expect(told).toEqual([{ status: 'quarantined' }, { status: 'active' }]);
    expect(await punchesOf(acme.employee)).toBe(1);
    expect((await acme.admin.api.get(`/api/devices/${device.id}`)).body.createdBy).toBe(acme.admin.id);
  });

  describe('K5: what it tells late about whoever could speak for it waits as well', () => {
    const old = () => new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
    const statusOf = async (person: Person) =>
      (
        await server.database.sql<{ status: string }>('SELECT status FROM punches WHERE employee_id = $1', [person.id])
      ).map(({ status }) => status);

    /** A terminal of another administrator, which the first one makes their own in some way, and which then calls with this secret. */
    async function taken(how: (device: Registered) => Promise<string | undefined>): Promise<Registered> {
      await server.database.sql("UPDATE users SET employee_number = '43' WHERE id = $1", [other.id]);
      const device = await registered(server.stranger, { ...acme, admin: other }, { timeZone: 'UTC' });
      const address = await how(device);
      const { serialNumber } = device.terminal;
      return { ...device, terminal: new Terminal(server.stranger, serialNumber, address ?? device.terminal.address) };
    }
    const rotated = async (device: Registered, by: Person) =>
      (await by.api.post(`/api/devices/${device.id}/secret`)).body.address as string;

    it('since they were given its secret', async () => {
      const device = await taken((each) => rotated(each, acme.admin));
      await device.terminal.tell(['41', '42', '43'].map((pin) => line(pin, old())));
      expect(await statusOf(acme.admin)).toEqual(['quarantined']);
      expect(await statusOf(acme.employee)).toEqual(['active']);
      expect(await statusOf(other)).toEqual(['quarantined']);
      const { createdBy, secretHolders } = (await other.api.get(`/api/devices/${device.id}`)).body;
      expect([createdBy, secretHolders]).toEqual([other.id, [acme.admin.id]]);
    });

    it('also once somebody else was given another one, since their address is proven by then', async () => {
      const third = await acme.person({ role: 'admin' });
      const device = await taken(async (each) => {
        await rotated(each, acme.admin);
        await rotated(each, acme.admin);
        return rotated(each, third);
      });
      await device.terminal.tell([line('41', old())]);
      expect(await statusOf(acme.admin)).toEqual(['quarantined']);
      const { secretHolders } = (await other.api.get(`/api/devices/${device.id}`)).body;
      expect(secretHolders).toEqual([acme.admin.id, third.id]);
    });

    it('since they opened it to its serial number alone', async () => {
      const device = await taken(async ({ id, terminal }) => {
        await terminal.poll();
        expect((await acme.admin.api.patch(`/api/devices/${id}`, { serialOnly: true })).status).toBe(200);
        return '/iclock';
      });
      await device.terminal.tell([line('41', old())]);
      expect(await statusOf(acme.admin)).toEqual(['quarantined']);
    });

    it('and not what it tells of somebody who has changed its name', async () => {
      const device = await taken(async ({ id }) => {
        expect((await acme.admin.api.patch(`/api/devices/${id}`, { name: 'Back door' })).status).toBe(200);
        return undefined;
      });
      await device.terminal.tell([line('41', old())]);
      expect(await statusOf(acme.admin)).toEqual(['active']);
    });
  });

  it('K5: where an operator has switched four eyes off, one does both', async () => {
    const operator = await server.world.operator();
    const fourEyes = { ownPunches: false, ownPayroll: true };
    expect((await operator.api.patch(`/api/tenants/${acme.id}`, { fourEyes })).status).toBe(200);
    const device = await registered(server.stranger, acme);
    await device.terminal.tell([ofPowerCut('41')]);
    expect((await bind(acme.admin, device, acme.admin.id)).status).toBe(201);
    expect((await retry(acme.admin, device)).body).toEqual({ recorded: 1, duplicate: 0, rejected: 0 });
  });
});
