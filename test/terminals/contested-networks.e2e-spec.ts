import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { YEAR } from './dates';
import { aSerial, line } from './terminal';

let server: TestServer;
let operator: Person;
let acme: Tenant;
let globex: Tenant;

beforeAll(async () => {
  server = await startServer({ TRUSTED_PROXIES: '1' });
  operator = await server.world.operator();
});
beforeEach(async () => {
  acme = await server.world.tenant(undefined, { allowedNetworks: ['198.51.100.0/24'] });
  globex = await server.world.tenant();
});
afterEach(() => server.database.sql(`UPDATE tenants SET settings = '{}' WHERE id = ANY ($1)`, [[acme.id, globex.id]]));
afterAll(() => server.close());

const [site, moved, abroad] = ['198.51.100.51', '198.51.100.52', '203.0.113.200'];
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
/** A push by the serial number alone, with a PIN that nobody has. */
const push = (serial: string, address: string = site) =>
  server.stranger.request('POST', '/iclock/cdata', `${line('4711', `${YEAR}-03-02 08:00:00`)}\n`, {
    query: { SN: serial, table: 'ATTLOG', Stamp: '1' },
    headers: { 'content-type': 'text/plain', 'x-forwarded-for': address },
  });
const listing = (tenant: Tenant, ...allowedNetworks: string[]) =>
  server.database.sql('UPDATE tenants SET settings = $2 WHERE id = $1', [
    tenant.id,
    JSON.stringify({ allowedNetworks }),
  ]);
const alone = (tenant: Tenant, serialNumber: string, address: string) =>
  tenant.admin.api.post('/api/devices', { serialNumber, name: 'Gate', serialOnly: true }, from(address));
const claim = (tenant: Tenant, serial: string, address: string) =>
  tenant.admin.api.post(`/api/devices/unclaimed/${serial}/claim`, { name: 'Gate' }, from(address));
const unclaimed = async (tenant: Tenant, address: string) => {
  const { body } = await tenant.admin.api.get('/api/devices/unclaimed', from(address));
  return (body as { data: { serialNumber: string }[] }).data.map(({ serialNumber }) => serialNumber);
};
const told = (tenant: Tenant) => server.database.count('device_rejects', 'tenant_id = $1', [tenant.id]);

describe('A6: a network that another tenant lists as well', () => {
  it.each([['198.51.100.0/24'], ['198.51.0.0/16'], ['198.51.100.51/32']])(
    'as %s cuts off no terminal that works, and leads none away, until the operator decides',
    async (network) => {
      const serial = aSerial();
      expect((await alone(acme, serial, site)).status).toBe(201);
      expect((await push(serial)).text).toBe('OK: 1');
      await listing(globex, '203.0.113.0/24', network);
      expect((await push(serial)).text).toMatch(/^OK/);
      expect((await alone(globex, serial, abroad)).status).toBe(201);
      expect((await push(serial, abroad)).text).toBe('OK: 1'); // from its own network it says what it likes
      const before = await told(globex);
      expect((await push(serial)).text).toMatch(/^OK/);
      if (network !== '198.51.100.51/32') expect((await push(serial, moved)).text).toMatch(/^OK/);
      expect([await told(acme), await told(globex)]).toEqual([1, before]);
      const award = { tenantId: globex.id, reason: 'Invoice of the terminal' };
      expect((await operator.api.put(`/api/disputed-serials/${serial}`, award)).status).toBe(200);
      expect((await server.stranger.get('/iclock/getrequest', { ...from(site), query: { SN: serial } })).status).toBe(
        200,
      );
      await server.database.sql(`DELETE FROM device_rejects WHERE tenant_id = ANY ($1)`, [[acme.id, globex.id]]);
      await push(serial);
      expect([await told(acme), await told(globex)]).toEqual([0, 1]);
    },
  );

  it('proves nothing for a terminal that nobody has yet: it is neither shown, nor claimed, nor let in', async () => {
    const serial = aSerial();
    await push(serial);
    expect(await unclaimed(acme, site)).toContain(serial);
    await listing(globex, '203.0.113.0/24', '198.51.0.0/16');
    for (const [tenant, address] of [
      [globex, abroad],
      [acme, moved],
    ] as const) {
      expect(await unclaimed(tenant, address)).not.toContain(serial);
      const [refused, unheardOf] = [await claim(tenant, serial, address), await claim(tenant, aSerial(), address)];
      expect([refused.status, refused.body.detail]).toEqual([404, unheardOf.body.detail]);
    }
    expect((await alone(globex, serial, abroad)).status).toBe(201);
    expect((await push(serial)).status).toBe(403);
    expect(await told(globex)).toBe(0);
    await listing(globex, '203.0.113.0/24');
    expect((await claim(acme, serial, moved)).status).toBe(201);
    expect((await push(serial)).text).toBe('OK: 1');
  });

  it('is not disputed by one that is too wide to prove anything', async () => {
    const serial = aSerial();
    await listing(globex, '198.0.0.0/8', '0.0.0.0/0', '203.0.113.0/24');
    await push(serial);
    expect(await unclaimed(globex, abroad)).not.toContain(serial);
    expect((await claim(globex, serial, abroad)).status).toBe(404);
    expect((await claim(acme, serial, site)).status).toBe(201);
    expect((await push(serial)).text).toBe('OK: 1');
  });
});
