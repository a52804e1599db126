import fc from 'fast-check';
import { clockChange, YEAR } from './dates';
import { TerminalScene } from './scene';
import { line } from './terminal';
import { runs } from '../support/runs';
import { anyText } from '../support/any-text';

const scene = TerminalScene.forFile();

describe('the conversation of a terminal', () => {
  it('signs on, tells punches, sends what nobody wants, and polls', async () => {
    const person = await scene.numbered('1001');
    const device = await scene.registered();
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
    expect(await scene.timesOf(person)).toEqual([
      `in ${YEAR}-03-02T07:58:11.000Z`,
      `break_start ${YEAR}-03-02T11:00:00.000Z`,
      `out ${YEAR}-03-02T16:31:00.000Z`,
    ]);
    expect((await scene.punchesOf(person))[0]).toMatchObject({
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
    const { body } = await scene.acme.admin.api.get(`/api/devices/${device.id}`);
    expect(body).toMatchObject({
      status: 'active',
      lastStamp: '9912',
      firmware: 'Ver 8.0.4.3-20170621',
      lastSeenAt: expect.any(String) as string,
      backlog: { lines: 3, since: `${YEAR}-03-02T07:58:11.000Z` },
    });
  });

  it('lets photographs of any size pass unread, and stores none of them', async () => {
    const { terminal } = await scene.registered();
    const canary = 'canaryFace';
    const reply = await terminal.post(
      'cdata',
      canary.repeat(400_000),
      { table: 'BIOPHOTO' },
      'application/octet-stream',
    );
    expect([reply.status, reply.text]).toEqual([200, 'OK']);
    expect(await scene.server.database.count('device_rejects', `line LIKE '%${canary}%'`)).toBe(0);
    expect((await terminal.tell([`x${'y'.repeat(1_100_000)}`])).status).toBe(413);
  });

  it('tells a clock of the terminal that is wrong', async () => {
    await scene.numbered('1002');
    const { id, terminal } = await scene.registered({ timeZone: 'UTC' });
    const behind = new Date(Date.now() - 95_000).toISOString().slice(0, 19).replace('T', ' ');
    await terminal.tell([line('1002', behind)]);
    const { body } = await scene.acme.admin.api.get(`/api/devices/${id}`);
    const { skewMs } = body as { skewMs: number };
    expect(skewMs).toBeGreaterThanOrEqual(95_000);
    expect(skewMs).toBeLessThan(105_000);
    expect(body).not.toHaveProperty('backlog');
  });

  it('sends a terminal whose zone is not on a whole hour its offset in minutes', async () => {
    const { terminal } = await scene.registered({ timeZone: 'Asia/Kolkata' });
    expect((await terminal.signOn()).text).toContain('TimeZone=330\r\n');
  });

  it('reads the keys of a terminal by its own map, and takes a state that it does not name for unknown', async () => {
    const person = await scene.numbered('1003');
    const { terminal } = await scene.registered({ states: { '0': 'out', '1': 'in' } });
    await terminal.tell([
      line('1003', `${YEAR}-03-02 08:00:00`, 1),
      line('1003', `${YEAR}-03-02 12:00:00`, 7),
      line('1003', `${YEAR}-03-02 17:00:00`, 0),
    ]);
    expect((await scene.punchesOf(person)).map(({ type }) => type)).toEqual(['in', 'unknown', 'out']);
  });

  it('records nothing of an upload without a direction but that somebody was there', async () => {
    const person = await scene.numbered('1004');
    const { terminal } = await scene.registered();
    await terminal.tell([line('1004', `${YEAR}-03-02 08:00:00`, 255), `1004\t${YEAR}-03-02 17:00:00\t\t1\t0`]);
    const unknown = { type: 'unknown', flags: ['reported_late'] };
    expect(await scene.punchesOf(person)).toMatchObject([unknown, unknown]);
  });
});

describe('a line that is anything', () => {
  it('never blocks the queue: whatever the bytes, the terminal hears OK and the line is a punch or waits', async () => {
    await scene.numbered('5001');
    const device = await scene.registered();
    const pins = fc.oneof(fc.constantFrom('5001', '', ' 5001', '0'.repeat(900), '\u0000', '🕰'), anyText());
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
            anyText().map((text) => text.replaceAll(/[\r\n]/g, '')),
          ),
          { maxLength: 30 },
        ),
        async (lines) => {
          const reply = await device.terminal.tell(lines);
          const sent = lines.filter((text) => text.trim() !== '').length;
          expect([reply.status, reply.text]).toEqual([200, `OK: ${sent}`]);
        },
      ),
      { numRuns: runs(60) },
    );
  });
});

describe('the clock of the terminal', () => {
  const autumn = clockChange(YEAR - 1, 'October');

  it('shows an hour twice in autumn: the order of the lines says which is which', async () => {
    const person = await scene.numbered('4001');
    const device = await scene.registered();
    const told = ['01:55:00', '02:20:00', '02:50:00', '02:10:00', '02:40:00', '03:05:00'];
    await device.terminal.tell(told.map((time, n) => line('4001', `${autumn} ${time}`, n % 2)));
    expect((await scene.punchesOf(person)).map(({ occurredAt }) => occurredAt.slice(11, 16))).toEqual([
      ...['23:55', '00:20', '00:50'],
      ...['01:10', '01:40', '02:05'],
    ]);
    expect(await scene.rejectsOf(device)).toEqual([]);
  });

  it('what the order does not settle, and what never was, waits for an operator', async () => {
    const person = await scene.numbered('4002');
    const device = await scene.registered();
    const lines = [line('4002', `${autumn} 02:20:00`), line('4002', `${clockChange(YEAR, 'March')} 02:30:00`, 1)];
    expect((await device.terminal.tell(lines)).text).toBe('OK: 2');
    expect(await scene.punchesOf(person)).toEqual([]);
    expect(await scene.rejectsOf(device)).toEqual([
      { line: lines[0], reason: 'ambiguous_local_time' },
      { line: lines[1], reason: 'nonexistent_local_time' },
    ]);
  });
});
