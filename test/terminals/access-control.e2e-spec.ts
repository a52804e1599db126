import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import type { Person } from '../support/world';
import { YEAR } from './dates';
import { line, registered, type Registered } from './terminal';

const { server, tenant: acme } = tenantForFile({}, startServer);
let person: Person;

beforeAll(async () => {
  person = await acme.person({});
  await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [person.id, '42']);
});

const event = (time: string, fields = '') =>
  `time=${time}\tpin=42\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=1\tindex=21${fields}`;
const punchesOf = async ({ id }: Registered) => {
  const { body } = await acme.admin.api.get('/api/punches', { query: { employeeId: person.id, limit: 200 } });
  return (body as { data: { type: string; occurredAt: string; deviceId: string }[] }).data
    .filter(({ deviceId }) => deviceId === id)
    .map(({ type, occurredAt }) => `${type} ${occurredAt}`)
    .reverse();
};
const rejectsOf = async ({ id }: Registered) => {
  const { body } = await acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id, limit: 200 } });
  return (body as { data: { line: string; reason: string; detail: string }[] }).data.reverse();
};
const unread = async (result: string) => {
  const { text } = await server.stranger.get('/metrics');
  const found = new RegExp(`^terminal_unread_uploads_total\\{result="${result}"[^}]*\\} (\\d+)$`, 'm').exec(text);
  return Number(found?.[1]);
};

describe('BUG-05: the firmware of access control', () => {
  it('tells punches as events of a door: who came, and which way', async () => {
    const device = await registered(server.stranger, acme);
    const out = event(`${YEAR}-03-02 17:00:00`).replace('inoutstatus=0', 'inoutstatus=1');
    const noWay = event(`${YEAR}-03-02 18:00:00`).replace('inoutstatus=0', 'inoutstatus=2');
    const reply = await device.terminal.post('cdata', [event(`${YEAR}-03-02 08:00:00`), out, noWay].join('\r\n'), {
      table: 'rtlog',
    });
    expect([reply.status, reply.text]).toEqual([200, 'OK: 3']);
    const expected = [
      `in ${YEAR}-03-02T07:00:00.000Z`,
      `out ${YEAR}-03-02T16:00:00.000Z`,
      `unknown ${YEAR}-03-02T17:00:00.000Z`,
    ];
    expect(await punchesOf(device)).toEqual(expected);
    await device.terminal.post('cdata', event(`${YEAR}-03-02 08:00:00`), { table: 'rtlog' });
    expect(await punchesOf(device)).toEqual(expected);
  });

  it('tells those that it had stored by a number of its own for the time', async () => {
    const device = await registered(server.stranger, acme);
    // 3 March, 08:15:30, as the firmware counts: years of 372 days since 2000, two months of 31, two days.
    const seconds = ((YEAR - 2000) * 372 + 2 * 31 + 2) * 86_400 + 8 * 3600 + 15 * 60 + 30;
    const stored = `transaction cardno=0\tpin=42\tverified=1\tdoorid=1\teventtype=0\tinoutstate=1\ttime_second=${seconds}\tindex=3`;
    const query = { table: 'tabledata', tablename: 'transaction', count: '1' };
    expect((await device.terminal.post('cdata', stored, query)).text).toBe('OK: 1');
    expect(await punchesOf(device)).toEqual([`out ${YEAR}-03-03T07:15:30.000Z`]);
  });

  it('has what is no punch kept with its reason, and what is of nobody left out', async () => {
    const device = await registered(server.stranger, acme);
    const denied = event(`${YEAR}-03-04 08:00:00`).replace('event=0', 'event=23');
    const opened = event(`${YEAR}-03-04 08:00:01`).replace('pin=42', 'pin=0');
    const stranger = event(`${YEAR}-03-04 08:00:02`).replace('pin=42', 'pin=4711');
    const body = [denied, opened, stranger, 'time=yesterday\tpin=42'].join('\n');
    expect((await device.terminal.post('cdata', body, { table: 'rtlog' })).text).toBe('OK: 4');
    expect(await punchesOf(device)).toEqual([]);
    expect((await rejectsOf(device)).map(({ reason }) => reason).sort()).toEqual([
      'not_a_punch',
      'pin_unknown',
      'unreadable_row',
    ]);
  });

  it('registers, asks how to call, for the time and for commands, and says that it is there', async () => {
    const { id, terminal } = await registered(server.stranger, acme, { timeZone: 'Asia/Kolkata' });
    const ask = (what: string, query: Record<string, string> = {}) =>
      server.stranger.get(`${terminal.address}/${what}`, { query: { SN: terminal.serialNumber, ...query } });
    const hello = await ask('cdata', { options: 'all', pushver: '3.1.1', DeviceType: 'acc' });
    expect(hello.text).toMatch(/^registry=ok\r\nRegistryCode=[\da-f]{16}\r\n/);
    const code = /RegistryCode=\w+/.exec(hello.text)?.[0];
    expect((await terminal.post('registry', 'DeviceType=acc,~DeviceName=F20')).text).toBe(code);
    expect((await terminal.post('push', '')).text).toBe(hello.text);
    expect((await ask('rtdata', { type: 'time' })).text).toMatch(/^DateTime=\d{9},ServerTZ=\+0530$/);
    expect((await ask('ping')).text).toBe('OK');
    expect((await ask('getrequest')).text).toBe('OK');
    expect((await acme.admin.api.get(`/api/devices/${id}`)).body).toHaveProperty('lastSeenAt');
  });
});

it('BUG-16: firmware that puts .aspx behind every call is understood', async () => {
  const device = await registered(server.stranger, acme);
  const { address, serialNumber } = device.terminal;
  const ask = (what: string) =>
    server.stranger.get(`${address}/${what}`, { query: { SN: serialNumber, options: 'all' } });
  expect((await ask('cdata.aspx')).text).toContain(`GET OPTION FROM: ${serialNumber}`);
  expect((await ask('getrequest.aspx')).text).toBe('OK');
  expect((await ask('ping.aspx')).text).toBe('OK');
  const told = await device.terminal.post('cdata.aspx', line('42', `${YEAR}-03-05 08:00:00`), { table: 'ATTLOG' });
  expect(told.text).toBe('OK: 1');
  expect(await punchesOf(device)).toEqual([`in ${YEAR}-03-05T07:00:00.000Z`]);
  expect((await device.terminal.post('devicecmd.aspx', 'ID=1&Return=0')).text).toBe('OK');
});

describe('BUG-05: a table that nobody reads', () => {
  it.each(['unheardOf', 'newlog', ''])(
    'is kept as it is for an operator before it is answered with OK: %j',
    async (table) => {
      const device = await registered(server.stranger, acme);
      const before = await unread('kept');
      const reply = await device.terminal.post('cdata', 'badge=42 at 08:00\nbadge=43 at 08:01\n', { table });
      expect([reply.status, reply.text]).toEqual([200, 'OK: 2']);
      expect(await rejectsOf(device)).toMatchObject([
        { line: 'badge=42 at 08:00', reason: 'table_unread', detail: expect.stringContaining(table) as string },
        { line: 'badge=43 at 08:01', reason: 'table_unread' },
      ]);
      expect(await unread('kept')).toBe(before + 1);
    },
  );

  it.each([
    ['of bytes', '\0\u0001template'],
    ['of lines longer than any punch', 'x'.repeat(1001)],
    ['of more lines than are kept', Array.from({ length: 1001 }, (_, n) => `line ${n}`).join('\n')],
  ])('%s is left with the terminal', async (_, body) => {
    const device = await registered(server.stranger, acme);
    const before = await unread('refused');
    const reply = await device.terminal.post('cdata', body, { table: 'newlog' });
    expect([reply.status, reply.text.startsWith('OK')]).toEqual([415, false]);
    expect(await rejectsOf(device)).toEqual([]);
    expect(await unread('refused')).toBe(before + 1);
  });

  it('is kept up to a bound for each terminal, which takes it all in at once or not at all', async () => {
    const device = await registered(server.stranger, acme);
    const lines = (from: number) => Array.from({ length: 600 }, (_, n) => `line ${from + n}`).join('\n');
    const replies = await Promise.all(
      [0, 600].map((from) => device.terminal.post('cdata', lines(from), { table: 'newlog' })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 415]);
    expect(await server.database.count('device_rejects', 'device_id = $1', [device.id])).toBe(600);
  });
});
