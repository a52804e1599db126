import { cutConnections, heldPunches, untilWaiting } from '../support/faults';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';
import type { Tenant } from '../support/world';
import { YEAR } from './dates';
import { aSerial, line, registered, Terminal } from './terminal';

let server: TestServer;
let acme: Tenant;
let globex: Tenant;

beforeAll(async () => {
  server = await startServer();
  acme = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.0/8'] });
  globex = await server.world.tenant();
});
afterAll(() => server.close());

const numberOf = async (tenant: Tenant, number: string) => {
  await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [tenant.employee.id, number]);
};
const unclaimed = async (tenant = acme) => {
  const { body } = await tenant.admin.api.get('/api/devices/unclaimed');
  return (body as { data: { serialNumber: string; address: string; calls: number }[] }).data;
};

describe('a terminal that nobody knows', () => {
  it('is refused everywhere, keeps what it has, and waits in the queue until it is claimed', async () => {
    await numberOf(acme, '10');
    const terminal = new Terminal(server.stranger, aSerial());
    const refusals = [
      await terminal.signOn(),
      await terminal.poll(),
      await terminal.tell([line('10', `${YEAR}-03-02 08:00:00`)]),
      await terminal.post('devicecmd', 'ID=1'),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await unclaimed()).toContainEqual(
      expect.objectContaining({ serialNumber: terminal.serialNumber, address: '127.0.0.1', calls: 4 }),
    );
    const claim = `/api/devices/unclaimed/${terminal.serialNumber}/claim`;
    const claimed = await acme.admin.api.post(claim, { name: 'Gate', timeZone: 'Europe/Berlin' });
    expect(claimed.status).toBe(201);
    expect(claimed.body).toMatchObject({ name: 'Gate', serialOnly: true, status: 'active' });
    expect((await acme.admin.api.post(claim, { name: 'Gate' })).status).toBe(404);
    expect((await unclaimed()).map(({ serialNumber }) => serialNumber)).not.toContain(terminal.serialNumber);
    expect((await terminal.tell([line('10', `${YEAR}-03-02 08:00:00`)])).text).toBe('OK: 1');
  });

  it('is seen by nobody but from its own address or network', async () => {
    const serial = aSerial();
    await server.database.sql(`INSERT INTO unclaimed_devices (serial_number, address) VALUES ($1, '192.0.2.17')`, [
      serial,
    ]);
    const site = await server.world.tenant(undefined, { allowedNetworks: ['192.0.2.0/24', '127.0.0.0/8'] });
    expect((await unclaimed(globex)).map(({ serialNumber }) => serialNumber)).not.toContain(serial);
    expect((await unclaimed(site)).map(({ serialNumber }) => serialNumber)).toContain(serial);
  });

  it('cannot fill the queue: the last thousand are kept', async () => {
    await server.database.sql(
      `INSERT INTO unclaimed_devices (serial_number, address, last_seen_at)
       SELECT 'OLD' || n, '198.51.100.1', now() - interval '1 hour' - n * interval '1 s' FROM generate_series(1, 1500) n`,
    );
    await new Terminal(server.stranger, aSerial()).signOn();
    expect(await server.database.count('unclaimed_devices')).toBe(1000);
  });

  it.each(['', 'a b', "x'; DROP TABLE devices", 'x'.repeat(65)])(
    'and calls itself %j is refused unnoted',
    async (serial) => {
      const before = await server.database.count('unclaimed_devices');
      expect((await new Terminal(server.stranger, serial).signOn()).status).toBe(403);
      expect(await server.database.count('unclaimed_devices')).toBe(before);
    },
  );
});

describe('the secret in the address', () => {
  it('opens, and nothing else does', async () => {
    const { id, terminal } = await registered(server.stranger, acme);
    const at = (address: string) => new Terminal(server.stranger, terminal.serialNumber, address).signOn();
    expect((await terminal.signOn()).status).toBe(200);
    expect((await at('/iclock')).status).toBe(403);
    expect((await at('/iclock/wrong')).status).toBe(403);
    expect((await new Terminal(server.stranger, aSerial(), terminal.address).signOn()).status).toBe(403);
    const rotated = await acme.admin.api.post(`/api/devices/${id}/secret`);
    expect(rotated.headers.get('cache-control')).toBe('no-store');
    const { address } = rotated.body as { address: string };
    expect((await terminal.signOn()).status).toBe(403);
    expect((await at(address)).status).toBe(200);
  });

  it('is told once, and stands nowhere', async () => {
    const { id, terminal } = await registered(server.stranger, acme);
    const secret = terminal.address.split('/').at(-1) ?? '';
    expect(secret).toHaveLength(32);
    await terminal.signOn();
    const listed = [await acme.admin.api.get(`/api/devices/${id}`), await acme.admin.api.get('/api/devices')];
    for (const { text } of listed) expect(text).not.toContain(secret);
    for (const table of ['devices', 'audit_logs', 'idempotency_keys', 'operation_logs'])
      expect([table, await server.database.count(table, `${table}::text LIKE '%${secret}%'`)]).toEqual([table, 0]);
  });

  it('tells two tenants with the same serial number apart', async () => {
    await Promise.all([numberOf(acme, '20'), numberOf(globex, '20')]);
    const serialNumber = aSerial();
    const ours = await registered(server.stranger, acme, { serialNumber });
    const theirs = await registered(server.stranger, globex, { serialNumber, timeZone: 'America/New_York' });
    await ours.terminal.tell([line('20', `${YEAR}-03-05 08:00:00`)]);
    await theirs.terminal.tell([line('20', `${YEAR}-03-05 08:00:00`)]);
    const timesIn = (tenant: Tenant, id: string) =>
      server.database.sql<{ at: Date }>(
        'SELECT occurred_at AS at FROM punches WHERE tenant_id = $1 AND device_id = $2',
        [tenant.id, id],
      );
    expect(await timesIn(acme, ours.id)).toEqual([{ at: new Date(`${YEAR}-03-05T07:00:00Z`) }]);
    expect(await timesIn(globex, theirs.id)).toEqual([{ at: new Date(`${YEAR}-03-05T13:00:00Z`) }]);
  });
});

describe('a terminal that is known', () => {
  it('is refused while it is suspended, and goes on afterwards', async () => {
    const { id, terminal } = await registered(server.stranger, acme);
    await acme.admin.api.patch(`/api/devices/${id}`, { status: 'suspended' });
    expect((await terminal.tell([line('10', `${YEAR}-03-02 09:00:00`)])).status).toBe(403);
    await acme.admin.api.patch(`/api/devices/${id}`, { status: 'active' });
    expect((await terminal.tell([line('10', `${YEAR}-03-02 09:00:00`)])).text).toBe('OK: 1');
  });

  it('is refused once it is retired; its serial number is free again', async () => {
    const { id, terminal } = await registered(server.stranger, acme);
    expect((await acme.admin.api.delete(`/api/devices/${id}`)).body).toMatchObject({ status: 'retired' });
    expect((await terminal.signOn()).status).toBe(403);
    expect((await acme.admin.api.patch(`/api/devices/${id}`, { status: 'active' })).status).toBe(409);
    const again = await registered(server.stranger, acme, { serialNumber: terminal.serialNumber });
    expect((await again.terminal.signOn()).status).toBe(200);
  });

  it('is refused from outside of the networks of its tenant', async () => {
    const site = await server.world.tenant(undefined, {});
    const { terminal } = await registered(server.stranger, site);
    await server.database.sql('UPDATE tenants SET settings = $2 WHERE id = $1', [
      site.id,
      JSON.stringify({ allowedNetworks: ['192.0.2.0/24'] }),
    ]);
    const reply = await terminal.signOn();
    expect([reply.status, reply.body.code]).toEqual([403, 'IP_RESTRICTED']);
  });

  it('is refused when its tenant is deactivated', async () => {
    const gone = await server.world.tenant();
    const { terminal } = await registered(server.stranger, gone);
    await server.database.sql(`UPDATE tenants SET status = 'deactivated' WHERE id = $1`, [gone.id]);
    expect((await terminal.signOn()).status).toBe(403);
  });

  it('hears 503 when the database goes away in the middle, and tells it all again', async () => {
    await numberOf(acme, '30');
    const { terminal } = await registered(server.stranger, acme);
    const lines = [line('30', `${YEAR}-03-03 08:00:00`), line('30', `${YEAR}-03-03 16:00:00`, 1)];
    const slow = await heldPunches(server.database, acme.employee);
    const told = terminal.tell(lines);
    await untilWaiting(server.database, 'PgSleep');
    expect(await cutConnections(server.database)).toBeGreaterThan(0);
    expect((await told).status).toBe(503);
    await slow.lift();
    expect((await terminal.tell(lines)).text).toBe('OK: 2');
    expect(
      await server.database.count('punches', 'occurred_at::date = $2 AND tenant_id = $1', [acme.id, `${YEAR}-03-03`]),
    ).toBe(2);
  });
});

describe('quotas', () => {
  it('hold back a terminal that calls without end, and an address that guesses; a known one behind it goes on', async () => {
    const guarded = await startServer({
      ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
      RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5',
    });
    try {
      const tenant = await guarded.world.tenant();
      const { terminal } = await registered(guarded.stranger, tenant);
      expect((await terminal.poll()).status).toBe(200);
      const guesses = [];
      for (let n = 0; n < 8; n++) guesses.push((await new Terminal(guarded.stranger, `GUESS${n}`).signOn()).status);
      expect(guesses).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
      expect((await terminal.poll()).status).toBe(200);
      // The quota refills while a slow machine polls, so how many polls it takes is no matter, only that there is an end.
      const held = await until(async () => {
        const polls = await Promise.all(Array.from({ length: 100 }, () => terminal.poll()));
        return polls.find(({ status }) => status === 429);
      }, 'a poll was held back');
      expect(held.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      await guarded.close();
    }
  });
});
