import { gzipSync } from 'node:zlib';
import { importBase } from '../imports/scene';
import { tenantForFile } from '../support/scene';
import { line, registered } from '../terminals/terminal';

const { server, tenant: acme } = tenantForFile();

const send = (path: string, type: string, text: string, encoding: string, packed: boolean) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${acme.admin.token}`,
      'content-type': type,
      'content-encoding': encoding,
      'idempotency-key': crypto.randomUUID(),
    },
    body: packed ? new Uint8Array(gzipSync(text)) : text,
  });

async function whereBodiesAreRead(): Promise<[path: string, type: string, text: string, ok: number][]> {
  const { terminal } = await registered(server.stranger, acme);
  return [
    ['/api/auth/login', 'application/json', JSON.stringify({ email: 'a@b.example', password: 'x' }), 401],
    [
      '/api/punches',
      'application/json',
      JSON.stringify({ employeeId: acme.employee.id, type: 'in', timestamp: new Date().toISOString() }),
      201,
    ],
    [`${importBase}/upload`, 'text/csv', 'employee,date,in,out\n1,2026-03-02,08:00,17:00\n', 201],
    [
      `${terminal.address}/cdata?SN=${terminal.serialNumber}&table=ATTLOG&Stamp=1`,
      'text/plain',
      line('7', '2026-03-02 08:00:00'),
      200,
    ],
  ];
}

it('a packed body is refused wherever bodies are read, by the name of its header and with what to do', async () => {
  for (const [path, type, text] of await whereBodiesAreRead()) {
    for (const encoding of ['gzip', 'identity, GZIP', 'br', 'utf-8']) {
      const reply = await send(path, type, text, encoding, true);
      const body = (await reply.json()) as { code: string; detail: string; errors: { pointer: string }[] };
      expect([path, encoding, reply.status, body.code]).toEqual([path, encoding, 415, 'unsupported_media_type']);
      expect(body.detail).toBe('Bodies are read as they come. Send it unpacked, without Content-Encoding.');
      expect(body.errors.map(({ pointer }) => pointer)).toEqual(['header:Content-Encoding']);
      expect(reply.headers.get('accept-encoding')).toBe('identity');
    }
  }
});

it('a body that says that it is not packed is taken', async () => {
  for (const [path, type, text, ok] of await whereBodiesAreRead())
    expect([path, (await send(path, type, text, 'Identity', false)).status]).toEqual([path, ok]);
});

it('the header alone, without a body, is nothing to refuse', async () => {
  const headers = { 'content-encoding': 'gzip' };
  expect((await acme.admin.api.get('/api/punches', { headers })).status).toBe(200);
});
