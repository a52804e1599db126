import fc from 'fast-check';
import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { clockChange, daysAgo, YEAR } from './dates';
import { line, registered, type Registered } from './terminal';

let server: TestServer;
let acme: Tenant;

beforeAll(async () => {
  server = await startServer();
  acme = await server.world.tenant();
});
afterAll(() => server.close());

async function numbered(employeeNumber: string, tenant = acme): Promise<Person> {
  const person = await tenant.person({});
  await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [person.id, employeeNumber]);
  return person;
}
interface Told {
  type: string;
  occurredAt: string;
  source: string;
  deviceId: string;
  createdBy: string;
  deviceOffsetMinutes: number;
  flags: string[];
}
const punchesOf = async (person: Person, tenant = acme) => {
  const { body } = await tenant.admin.api.get('/api/punches', { query: { employeeId: person.id, limit: 200 } });
  return (body as { data: Told[] }).data.reverse();
};
const timesOf = async (person: Person) =>
  (await punchesOf(person)).map(({ type, occurredAt }) => `${type} ${occurredAt}`);
interface Rejected {
  line: string;
  reason: string;
}
const rejectsOf = async ({ id }: Registered) => {
  const { body } = await acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id, limit: 200 } });
  return (body as { data: Rejected[] }).data.map(({ line: text, reason }) => ({ line: text, reason })).reverse();
};

describe('the conversation of a terminal', () => {
  it('signs on, tells punches, sends what nobody wants, and polls', async () => {
    const person = await numbered('1001');
    const device = await registered(server.stranger, acme);
    const { terminal } = device;
    const hello = await terminal.signOn();
    expect(hello.status).toBe(200);
    expect(hello.headers.get('content-type')).toMatch(/^text\/plain/);
    const [first, ...options] = hello.text.trimEnd().split('\r\n');
    expect(first).toBe(`GET OPTION FROM: ${terminal.serialNumber}`);
    expect(options.map((option) => option.split('=')[0])).toEqual(
      'ATTLOGStamp OPERLOGStamp ErrorDelay Delay TransTimes TransInterval TransFlag TimeZone Realtime Encrypt'.split(
        ' ',
      ),
    );
    expect(options).toContain('ATTLOGStamp=0');
    expect(options.find((option) => option.startsWith('TimeZone='))).toMatch(/^TimeZone=[12]$/);

    const told = await terminal.tell(
      [
        line('1001', `${YEAR}-03-02 08:58:11`, 0),
        line('1001', `${YEAR}-03-02 12:00:00`, 2),
        line('1001', `${YEAR}-03-02 17:31:00`, 1),
      ],
      '9912',
    );
    expect([told.status, told.text]).toEqual([200, 'OK: 3']);
    expect(await timesOf(person)).toEqual([
      `in ${YEAR}-03-02T07:58:11.000Z`,
      `break_start ${YEAR}-03-02T11:00:00.000Z`,
      `out ${YEAR}-03-02T16:31:00.000Z`,
    ]);
    expect((await punchesOf(person))[0]).toMatchObject({
      source: 'terminal',
      deviceId: device.id,
      createdBy: device.id,
      deviceOffsetMinutes: 60,
    });

    const photograph = await terminal.post('cdata', 'BIOPHOTO PIN=1001\tContent=/9j/4AAQ', {
      table: 'BIOPHOTO',
      Stamp: '1',
    });
    expect([photograph.status, photograph.text]).toEqual([200, 'OK']);
    expect((await terminal.poll('Ver 8.0.4.3-20170621,2,2,30,192.168.0.201')).text).toBe('OK');
    expect((await terminal.post('devicecmd', 'ID=1&Return=0&CMD=INFO')).text).toBe('OK');
    expect((await terminal.signOn()).text).toContain('ATTLOGStamp=9912\r\n');
    const { body } = await acme.admin.api.get(`/api/devices/${device.id}`);
    expect(body).toMatchObject({
      status: 'active',
      lastStamp: '9912',
      firmware: 'Ver 8.0.4.3-20170621',
      lastSeenAt: expect.any(String) as string,
      backlog: { lines: 3, since: `${YEAR}-03-02T07:58:11.000Z` },
    });
  });

  it('lets photographs of any size pass unread, and stores none of them', async () => {
    const { terminal } = await registered(server.stranger, acme);
    const canary = 'canaryFace';
    const reply = await terminal.post(
      'cdata',
      canary.repeat(400_000),
      { table: 'BIOPHOTO' },
      'application/octet-stream',
    );
    expect([reply.status, reply.text]).toEqual([200, 'OK']);
    expect(await server.database.count('device_rejects', `line LIKE '%${canary}%'`)).toBe(0);
    expect((await terminal.tell([`x${'y'.repeat(1_100_000)}`])).status).toBe(413);
  });

  it('tells a clock of the terminal that is wrong', async () => {
    await numbered('1002');
    const { id, terminal } = await registered(server.stranger, acme, { timeZone: 'UTC' });
    const behind = new Date(Date.now() - 95_000).toISOString().slice(0, 19).replace('T', ' ');
    await terminal.tell([line('1002', behind)]);
    const { body } = await acme.admin.api.get(`/api/devices/${id}`);
    const { skewMs } = body as { skewMs: number };
    expect(skewMs).toBeGreaterThanOrEqual(95_000);
    expect(skewMs).toBeLessThan(105_000);
    expect(body).not.toHaveProperty('backlog');
  });

  it('sends a terminal whose zone is not on a whole hour its offset in minutes', async () => {
    const { terminal } = await registered(server.stranger, acme, { timeZone: 'Asia/Kolkata' });
    expect((await terminal.signOn()).text).toContain('TimeZone=330\r\n');
  });

  it('reads the keys of a terminal by its own map, and takes a state that it does not name for unknown', async () => {
    const person = await numbered('1003');
    const { terminal } = await registered(server.stranger, acme, { states: { '0': 'out', '1': 'in' } });
    await terminal.tell([
      line('1003', `${YEAR}-03-02 08:00:00`, 1),
      line('1003', `${YEAR}-03-02 12:00:00`, 7),
      line('1003', `${YEAR}-03-02 17:00:00`, 0),
    ]);
    expect((await punchesOf(person)).map(({ type }) => type)).toEqual(['in', 'unknown', 'out']);
  });

  it('records nothing of an upload without a direction but that somebody was there', async () => {
    const person = await numbered('1004');
    const { terminal } = await registered(server.stranger, acme);
    await terminal.tell([line('1004', `${YEAR}-03-02 08:00:00`, 255)]);
    expect(await punchesOf(person)).toMatchObject([{ type: 'unknown', flags: ['reported_late'] }]);
  });
});

describe('a backlog', () => {
  const day = (n: number) => daysAgo(310 - n);

  it('of weeks that is sent twice is recorded once', async () => {
    const person = await numbered('2001');
    const device = await registered(server.stranger, acme);
    const past = Array.from({ length: 300 }, (_, n) => [
      line('2001', `${day(n)} 08:00:00`, 0),
      line('2001', `${day(n)} 16:30:00`, 1),
    ]).flat();
    expect((await device.terminal.tell(past)).text).toBe('OK: 600');
    expect((await device.terminal.tell(past)).text).toBe('OK: 600');
    expect(await server.database.count('punches', 'employee_id = $1', [person.id])).toBe(600);
    expect(await rejectsOf(device)).toEqual([]);
  });

  it('that is sent again after its keys or its zone were set anew is recognised all the same', async () => {
    const person = await numbered('2006');
    const device = await registered(server.stranger, acme);
    const lines = [line('2006', `${YEAR}-03-02 08:00:00`, 0), line('2006', `${YEAR}-03-02 16:30:00`, 1)];
    await device.terminal.tell(lines);
    const change = { states: { '0': 'unknown', '1': 'in' }, timeZone: 'Asia/Tokyo' };
    expect((await acme.admin.api.patch(`/api/devices/${device.id}`, change)).status).toBe(200);
    expect((await device.terminal.tell([...lines, line('2006', `${YEAR}-03-03 08:00:00`, 1)])).text).toBe('OK: 3');
    expect(await timesOf(person)).toEqual([
      `in ${YEAR}-03-02T07:00:00.000Z`,
      `out ${YEAR}-03-02T15:30:00.000Z`,
      `in ${YEAR}-03-02T23:00:00.000Z`,
    ]);
  });

  it('that is cut off in the middle is recorded whole when it comes again', async () => {
    const person = await numbered('2002');
    const device = await registered(server.stranger, acme);
    const lines = Array.from({ length: 40 }, (_, n) => line('2002', `${day(n)} 08:00:00`, 0));
    const body = lines.join('\n');
    const { hostname, port } = new URL(server.url);
    await halfOf(
      hostname,
      Number(port),
      `${device.terminal.address}/cdata?SN=${device.terminal.serialNumber}&table=ATTLOG`,
      body,
    );
    expect(await server.database.count('punches', 'employee_id = $1', [person.id])).toBe(0);
    expect((await device.terminal.tell(lines)).text).toBe('OK: 40');
    expect(await server.database.count('punches', 'employee_id = $1', [person.id])).toBe(40);
  });

  it('of 55 lines with a broken one loses none: 54 are punches and one waits for an operator', async () => {
    const person = await numbered('2003');
    const device = await registered(server.stranger, acme);
    const lines = Array.from({ length: 55 }, (_, n) =>
      n === 20 ? '2003\t2026-02-31 25:61:00' : line('2003', `${day(n)} 08:00:00`, 0),
    );
    expect((await device.terminal.tell(lines)).text).toBe('OK: 55');
    expect((await device.terminal.tell(lines)).text).toBe('OK: 55');
    expect(await server.database.count('punches', 'employee_id = $1', [person.id])).toBe(54);
    expect(await rejectsOf(device)).toEqual([{ line: lines[20], reason: 'invalid_date' }]);
  });

  it('is kept by the terminal while a reject cannot be stored, and is recorded once when it comes again', async () => {
    const person = await numbered('2004');
    const device = await registered(server.stranger, acme);
    await server.database.sql('REVOKE INSERT (line) ON device_rejects FROM rollcall_runtime');
    const lines = [line('2004', `${YEAR}-03-02 08:00:00`), 'rubbish'];
    try {
      expect((await device.terminal.tell(lines)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await server.database.sql('GRANT INSERT (line) ON device_rejects TO rollcall_runtime');
    }
    expect((await device.terminal.tell(lines)).text).toBe('OK: 2');
    expect(await server.database.count('punches', 'employee_id = $1', [person.id])).toBe(1);
    expect(await rejectsOf(device)).toEqual([{ line: 'rubbish', reason: 'unreadable_row' }]);
  });

  it('of a closed pay period is quarantined, and the terminal hears OK', async () => {
    const person = await numbered('2005');
    const device = await registered(server.stranger, acme);
    const now = new Date();
    const date = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 23, 2)).toISOString().slice(0, 10);
    const { body } = await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date });
    await acme.admin.api.post(`/api/pay-periods/${(body as { id: string }).id}/close`);
    expect((await device.terminal.tell([line('2005', `${date} 08:00:00`)])).text).toBe('OK: 1');
    expect(await server.database.count('punches', `employee_id = $1 AND status = 'quarantined'`, [person.id])).toBe(1);
  });
});

describe('a line that is anything', () => {
  it('never blocks the queue: whatever the bytes, the terminal hears OK and the line is a punch or waits', async () => {
    await numbered('5001');
    const device = await registered(server.stranger, acme);
    const pins = fc.oneof(
      fc.constantFrom('5001', '', ' 5001', '0'.repeat(900), '\u0000', '🕰'),
      fc.string({ unit: 'binary' }),
    );
    const times = fc.oneof(
      fc.constantFrom(
        '9999-12-31 23:59:59',
        '0000-00-00 00:00:00',
        '0099-01-01 00:00:00',
        '0100-01-01 00:00:00',
        '2026-02-30 08:00:00',
        '2026-03-02 24:00:00',
        '2026-03-02 99:99:99',
      ),
      fc
        .date({ noInvalidDate: true, min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') })
        .map((at) => at.toISOString().slice(0, 19).replace('T', ' ')),
    );
    const rest = fc.array(
      fc.oneof(fc.constantFrom('0', '1', '255', '-1', '1e9', '0x7', 'NaN', '', '__proto__'), fc.string()),
      { maxLength: 6 },
    );
    const one = fc
      .tuple(pins, times, rest)
      .map(([pin, time, tail]) => [pin, time, ...tail].join('\t').replaceAll(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            one,
            fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, '')),
          ),
          { maxLength: 30 },
        ),
        async (lines) => {
          const reply = await device.terminal.tell(lines);
          const sent = lines.filter((text) => text.trim() !== '').length;
          expect([reply.status, reply.text]).toEqual([200, `OK: ${sent}`]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('whose PIN it is', () => {
  it('a binding says first, for its dates; then the employee number', async () => {
    const [bound, numberedSo] = [await numbered('B-1'), await numbered('3001')];
    const device = await registered(server.stranger, acme);
    const pins = `/api/devices/${device.id}/pins`;
    const until = { pin: '3001', employeeId: bound.id, effectiveUntil: `${YEAR}-03-02` };
    expect((await acme.admin.api.post(pins, until)).status).toBe(201);
    await device.terminal.tell([line('3001', `${YEAR}-03-02 23:59:59`), line('3001', `${YEAR}-03-03 00:00:00`)]);
    expect(await timesOf(bound)).toEqual([`in ${YEAR}-03-02T22:59:59.000Z`]);
    expect(await timesOf(numberedSo)).toEqual([`in ${YEAR}-03-02T23:00:00.000Z`]);
  });

  it('a binding of the terminal comes before one of all terminals', async () => {
    const [here, everywhere] = [await numbered('B-2'), await numbered('B-3')];
    const [one, other] = [await registered(server.stranger, acme), await registered(server.stranger, acme)];
    const pins = `/api/devices/${one.id}/pins`;
    await acme.admin.api.post(pins, { pin: '77', employeeId: everywhere.id, allDevices: true });
    await acme.admin.api.post(pins, { pin: '77', employeeId: here.id });
    await one.terminal.tell([line('77', `${YEAR}-03-02 08:00:00`)]);
    await other.terminal.tell([line('77', `${YEAR}-03-02 09:00:00`)]);
    expect(await timesOf(here)).toEqual([`in ${YEAR}-03-02T07:00:00.000Z`]);
    expect(await timesOf(everywhere)).toEqual([`in ${YEAR}-03-02T08:00:00.000Z`]);
  });

  it('zeros in front count; a number that differs in them alone will do if there is but one', async () => {
    const [short, long] = [await numbered('55'), await numbered('0055')];
    const alone = await numbered('00066');
    const device = await registered(server.stranger, acme);
    await device.terminal.tell([
      line('0055', `${YEAR}-03-02 08:00:00`),
      line('55', `${YEAR}-03-02 09:00:00`),
      line('055', `${YEAR}-03-02 10:00:00`),
      line('66', `${YEAR}-03-02 11:00:00`),
    ]);
    expect([await timesOf(long), await timesOf(short), await timesOf(alone)]).toEqual([
      [`in ${YEAR}-03-02T07:00:00.000Z`],
      [`in ${YEAR}-03-02T08:00:00.000Z`],
      [`in ${YEAR}-03-02T10:00:00.000Z`],
    ]);
    expect(await rejectsOf(device)).toEqual([{ line: line('055', `${YEAR}-03-02 10:00:00`), reason: 'pin_ambiguous' }]);
  });

  it('an unknown one waits, and becomes a punch once it is bound and tried again', async () => {
    const person = await numbered('B-4');
    const device = await registered(server.stranger, acme);
    expect((await device.terminal.tell([line('9090', `${YEAR}-03-02 08:00:00`), 'rubbish'])).text).toBe('OK: 2');
    expect((await rejectsOf(device)).map(({ reason }) => reason).sort()).toEqual(['pin_unknown', 'unreadable_row']);
    await acme.admin.api.post(`/api/devices/${device.id}/pins`, { pin: '9090', employeeId: person.id });
    const again = await acme.admin.api.post(`/api/devices/${device.id}/rejects/retry`);
    expect(again.body).toEqual({ recorded: 1, duplicate: 0, rejected: 1 });
    expect(await punchesOf(person)).toMatchObject([{ source: 'terminal', createdBy: acme.admin.id }]);
    expect((await rejectsOf(device)).map(({ reason }) => reason)).toEqual(['unreadable_row']);
  });
});

describe('the clock of the terminal', () => {
  const autumn = clockChange(YEAR - 1, 'October');

  it('shows an hour twice in autumn: the order of the lines says which is which', async () => {
    const person = await numbered('4001');
    const device = await registered(server.stranger, acme);
    const told = ['01:55:00', '02:20:00', '02:50:00', '02:10:00', '02:40:00', '03:05:00'];
    await device.terminal.tell(told.map((time, n) => line('4001', `${autumn} ${time}`, n % 2)));
    expect((await punchesOf(person)).map(({ occurredAt }) => occurredAt.slice(11, 16))).toEqual([
      ...['23:55', '00:20', '00:50'],
      ...['01:10', '01:40', '02:05'],
    ]);
    expect(await rejectsOf(device)).toEqual([]);
  });

  it('what the order does not settle, and what never was, waits for an operator', async () => {
    const person = await numbered('4002');
    const device = await registered(server.stranger, acme);
    const lines = [line('4002', `${autumn} 02:20:00`), line('4002', `${clockChange(YEAR, 'March')} 02:30:00`, 1)];
    expect((await device.terminal.tell(lines)).text).toBe('OK: 2');
    expect(await punchesOf(person)).toEqual([]);
    expect(await rejectsOf(device)).toEqual([
      { line: lines[0], reason: 'ambiguous_local_time' },
      { line: lines[1], reason: 'nonexistent_local_time' },
    ]);
  });
});

/** Sends half of a body and hangs up. */
async function halfOf(host: string, port: number, path: string, body: string): Promise<void> {
  const { connect } = await import('node:net');
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      socket.write(body.slice(0, body.length / 2), () => setTimeout(() => socket.destroy(), 100));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve();
    });
  });
}
