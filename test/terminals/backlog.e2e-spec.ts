import { daysAgo, YEAR } from './dates';
import { TerminalScene } from './scene';
import { line } from './terminal';

const scene = TerminalScene.forFile();

describe('a backlog', () => {
  const day = (n: number) => daysAgo(310 - n);

  it('of weeks that is sent twice is recorded once', async () => {
    const person = await scene.numbered('2001');
    const device = await scene.registered();
    const past = Array.from({ length: 300 }, (_, n) => [
      line('2001', `${day(n)} 08:00:00`, 0),
      line('2001', `${day(n)} 16:30:00`, 1),
    ]).flat();
    expect((await device.terminal.tell(past)).text).toBe('OK: 600');
    expect((await device.terminal.tell(past)).text).toBe('OK: 600');
    expect(await scene.server.database.count('punches', 'employee_id = $1', [person.id])).toBe(600);
    expect(await scene.rejectsOf(device)).toEqual([]);
  });

  it('that is sent again after its keys or its zone were set anew is recognised all the same', async () => {
    const person = await scene.numbered('2006');
    const device = await scene.registered();
    const lines = [line('2006', `${YEAR}-03-02 08:00:00`, 0), line('2006', `${YEAR}-03-02 16:30:00`, 1)];
    await device.terminal.tell(lines);
    const change = { states: { '0': 'unknown', '1': 'in' }, timeZone: 'Asia/Tokyo' };
    expect((await scene.acme.admin.api.patch(`/api/devices/${device.id}`, change)).status).toBe(200);
    expect((await device.terminal.tell([...lines, line('2006', `${YEAR}-03-03 08:00:00`, 1)])).text).toBe('OK: 3');
    expect(await scene.timesOf(person)).toEqual([
      `in ${YEAR}-03-02T07:00:00.000Z`,
      `out ${YEAR}-03-02T15:30:00.000Z`,
      `in ${YEAR}-03-02T23:00:00.000Z`,
    ]);
  });

  it('that is cut off in the middle is recorded whole when it comes again', async () => {
    const person = await scene.numbered('2002');
    const device = await scene.registered();
    const lines = Array.from({ length: 40 }, (_, n) => line('2002', `${day(n)} 08:00:00`, 0));
    const body = lines.join('\n');
    const { hostname, port } = new URL(scene.server.url);
    await halfOf(
      hostname,
      Number(port),
      `${device.terminal.address}/cdata?SN=${device.terminal.serialNumber}&table=ATTLOG`,
      body,
    );
    expect(await scene.server.database.count('punches', 'employee_id = $1', [person.id])).toBe(0);
    expect((await device.terminal.tell(lines)).text).toBe('OK: 40');
    expect(await scene.server.database.count('punches', 'employee_id = $1', [person.id])).toBe(40);
  });

  it('of 55 lines with a broken one loses none: 54 are punches and one waits for an operator', async () => {
    const person = await scene.numbered('2003');
    const device = await scene.registered();
    const lines = Array.from({ length: 55 }, (_, n) =>
      n === 20 ? '2003\t2026-02-31 25:61:00' : line('2003', `${day(n)} 08:00:00`, 0),
    );
    expect((await device.terminal.tell(lines)).text).toBe('OK: 55');
    expect((await device.terminal.tell(lines)).text).toBe('OK: 55');
    expect(await scene.server.database.count('punches', 'employee_id = $1', [person.id])).toBe(54);
    expect(await scene.rejectsOf(device)).toEqual([{ line: lines[20], reason: 'invalid_date' }]);
  });

  it('is kept by the terminal while a reject cannot be stored, and is recorded once when it comes again', async () => {
    const person = await scene.numbered('2004');
    const device = await scene.registered();
    await scene.server.database.sql('REVOKE INSERT (line) ON device_rejects FROM rollcall_runtime');
    const lines = [line('2004', `${YEAR}-03-02 08:00:00`), 'rubbish'];
    try {
      expect((await device.terminal.tell(lines)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await scene.server.database.sql('GRANT INSERT (line) ON device_rejects TO rollcall_runtime');
    }
    expect((await device.terminal.tell(lines)).text).toBe('OK: 2');
    expect(await scene.server.database.count('punches', 'employee_id = $1', [person.id])).toBe(1);
    expect(await scene.rejectsOf(device)).toEqual([{ line: 'rubbish', reason: 'unreadable_row' }]);
  });

  it('of a closed pay period is quarantined, and the terminal hears OK', async () => {
    const person = await scene.numbered('2005');
    const device = await scene.registered();
    const now = new Date();
    const date = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 23, 2)).toISOString().slice(0, 10);
    const { body } = await scene.acme.admin.api.post('/api/pay-periods', { type: 'monthly', date });
    await scene.acme.admin.api.post(`/api/pay-periods/${(body as { id: string }).id}/close`);
    expect((await device.terminal.tell([line('2005', `${date} 08:00:00`)])).text).toBe('OK: 1');
    expect(
      await scene.server.database.count('punches', `employee_id = $1 AND status = 'quarantined'`, [person.id]),
    ).toBe(1);
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
