import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { YEAR } from './dates';
import { aSerial, line, registered, Terminal } from './terminal';

let server: TestServer;
let operator: Person;
/** Its terminals call from the machine of the test. */
let acme: Tenant;
/** Knows a serial number that it has read on a box. */
let globex: Tenant;

beforeAll(async () => {
  server = await startServer();
  operator = await server.world.operator();
  acme = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.0/8'] });
  globex = await server.world.tenant();
});
afterAll(() => server.close());

const claim = (tenant: Tenant, serial: string) =>
  tenant.admin.api.post(`/api/devices/unclaimed/${serial}/claim`, { name: 'Gate' });
const alone = (tenant: Tenant, serialNumber: string) =>
  tenant.admin.api.post('/api/devices', { serialNumber, name: 'Gate', serialOnly: true });
const told = (tenant: Tenant) => server.database.count('device_rejects', 'tenant_id = $1', [tenant.id]);
/** A push by the serial number alone, with a PIN that nobody has. */
const push = (serial: string) => new Terminal(server.stranger, serial).tell([line('4711', `${YEAR}-03-02 08:00:00`)]);
const disputes = async () => {
  const { body } = await operator.api.get('/api/disputed-serials');
  return (body as { data: { serialNumber: string; claimedBy: string[]; awardedTo?: string }[] }).data;
};

describe('A6: a terminal belongs to whoever proves it', () => {
  it('cannot be claimed from outside of the networks that it calls from, and the answer tells nothing of others', async () => {
    const serial = aSerial();
    await new Terminal(server.stranger, serial).signOn();
    const refused = await claim(globex, serial);
    const unheardOf = await claim(globex, aSerial());
    expect([refused.status, unheardOf.status]).toEqual([404, 404]);
    expect(refused.body).toMatchObject({ detail: (unheardOf.body as { detail: string }).detail });
    expect((await claim(acme, serial)).status).toBe(201);
    expect((await push(serial)).text).toBe('OK: 1');
    expect([await told(acme), await told(globex)]).toEqual([1, 0]);
  });

  it('cannot be had by its serial number without a network to prove it; whether others have it changes no answer', async () => {
    const serial = aSerial();
    const before = await alone(globex, serial);
    expect([before.status, before.body.errors[0].pointer]).toEqual([409, '/serialOnly']);
    expect((await alone(acme, serial)).status).toBe(201);
    const after = await alone(globex, serial);
    expect([after.status, after.body.detail]).toEqual([409, before.body.detail]);
    const { id } = await registered(server.stranger, globex, { serialNumber: serial });
    expect((await globex.admin.api.patch(`/api/devices/${id}`, { serialOnly: true })).status).toBe(409);
  });

  it.each([['0.0.0.0/0'], ['64.0.0.0/4'], ['::/0']])('is proven by no network as wide as %s', async (network) => {
    const wide = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.0/8'] });
    const serial = aSerial();
    expect((await alone(wide, serial)).status).toBe(201);
    await server.database.sql('UPDATE tenants SET settings = $2 WHERE id = $1', [
      wide.id,
      JSON.stringify({ allowedNetworks: [network] }),
    ]);
    expect((await push(serial)).status).toBe(403);
  });

  it('gets its punches to the tenant whose network it calls from, whoever registered it first', async () => {
    const elsewhere = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.0/8'] });
    const [serial, before] = [aSerial(), await told(acme)];
    expect((await alone(elsewhere, serial)).status).toBe(201);
    await server.database.sql('UPDATE tenants SET settings = $2 WHERE id = $1', [
      elsewhere.id,
      JSON.stringify({ allowedNetworks: ['192.0.2.0/24'] }),
    ]);
    expect((await push(serial)).status).toBe(403);
    expect((await alone(acme, serial)).status).toBe(201);
    expect((await push(serial)).text).toBe('OK: 1');
    expect([await told(acme), await told(elsewhere)]).toEqual([before + 1, 0]);
  });

  it('may go on by its serial number from where it has called with the code in its path', async () => {
    const { id, terminal } = await registered(server.stranger, globex);
    const bare = new Terminal(server.stranger, terminal.serialNumber);
    expect((await terminal.signOn()).status).toBe(200);
    expect((await bare.signOn()).status).toBe(403);
    expect((await globex.admin.api.patch(`/api/devices/${id}`, { serialOnly: true })).body).toMatchObject({
      serialOnly: true,
      provenNetworks: ['127.0.0.1'],
    });
    expect((await bare.signOn()).status).toBe(200);
    await server.database.sql(`UPDATE devices SET proven_networks = '{198.51.100.9}' WHERE id = $1`, [id]);
    expect((await bare.signOn()).status).toBe(403);
  });

  it('that two tenants prove is refused until the operator of the platform has decided', async () => {
    const rival = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.1/32'] });
    const [serial, before] = [aSerial(), await told(acme)];
    for (const tenant of [acme, rival]) expect((await alone(tenant, serial)).status).toBe(201);
    const [refused, unknown] = [await push(serial), await push(aSerial())];
    expect([refused.status, refused.body.detail]).toEqual([403, unknown.body.detail]);
    expect([await told(acme), await told(rival)]).toEqual([before, 0]);
    expect(await disputes()).toContainEqual(
      expect.objectContaining({ serialNumber: serial, claimedBy: [acme.id, rival.id].sort(), address: '127.0.0.1' }),
    );
    const award = (tenantId: string) =>
      operator.api.put(`/api/disputed-serials/${serial}`, { tenantId, reason: 'Invoice of the terminal' });
    expect((await award(globex.id)).status).toBe(409);
    expect((await award(rival.id)).body).toMatchObject({ awardedTo: rival.id });
    expect((await push(serial)).text).toBe('OK: 1');
    expect([await told(acme), await told(rival)]).toEqual([before, 1]);
    expect((await acme.admin.api.get('/api/disputed-serials')).status).toBe(403);
  });
});
