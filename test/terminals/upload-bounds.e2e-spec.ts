import http from 'node:http';
import { serverForFile } from '../support/scene';
import { startServer } from '../support/server';
import { YEAR } from './dates';
import { line, registered } from './terminal';

const server = serverForFile({}, startServer);

it('an upload of more lines or bytes than punches could be is refused, answered, and none of it kept', async () => {
  const acme = await server.world.tenant();
  const { terminal } = await registered(server.stranger, acme);
  const person = await acme.person({});
  await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [person.id, '1001']);
  for (const body of ['a\n'.repeat(500_000), `${line('1001', `${YEAR}-03-02 08:00:00`)}\n`.repeat(200_000)]) {
    const reply = await terminal.post('cdata', body, { table: 'ATTLOG', Stamp: '1' });
    expect([reply.status, reply.body.code]).toEqual([413, 'body_too_large']);
  }
  expect(await server.database.count('punches', 'tenant_id = $1', [acme.id])).toBe(0);
  expect((await acme.admin.api.get('/api/devices/rejects')).body.data).toEqual([]);
  expect((await terminal.tell([line('1001', `${YEAR}-03-02 08:00:00`)])).text).toBe('OK: 1');
});

it('what was too large has been read to its end: the same connection serves the next request, and the server can end', async () => {
  const acme = await server.world.tenant();
  const { terminal } = await registered(server.stranger, acme);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, body = '') =>
    new Promise<[status: number | undefined, port: number | undefined]>((resolve, reject) => {
      const request = http.request(`${server.url}${path}`, {
        method,
        agent,
        headers: { 'content-type': 'text/plain' },
      });
      request.once('error', reject).once('response', (reply) => {
        const port = reply.socket.localPort;
        reply.resume().once('end', () => {
          resolve([reply.statusCode, port]);
        });
      });
      request.end(body);
    });
  const path = `${terminal.address}/cdata?SN=${terminal.serialNumber}&table=ATTLOG`;
  const [refused, port] = await send('POST', path, 'x'.repeat(9_000_000));
  expect([refused, await send('GET', '/health/live')]).toEqual([413, [200, port]]);
  agent.destroy();
});
