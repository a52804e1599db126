import { randomUUID } from 'node:crypto';
import { RequestTrail } from '../../src/audit/trail/request-trail';
import type { Reply } from '../support/client';
import { devices } from './write-routes/devices';
import { facts } from './write-routes/facts';
import { files } from './write-routes/files';
import { payPeriods } from './write-routes/pay-periods';
import { aSession, people } from './write-routes/people';
import { plans } from './write-routes/plans';
import { acme, aPunch, aUser, clerk, open, secret, server } from './write-routes/scene';

beforeAll(open);
afterAll(() => server.close());

interface Entry extends Record<string, unknown> {
  user_id: string;
  tenant_id: string;
  changes: { before: Record<string, unknown> | null; after: Record<string, unknown> | null };
}

const entriesOf = ({ headers }: Reply) =>
  server.database.sql<Entry>('SELECT * FROM audit_logs WHERE request_id = $1 ORDER BY id', [
    headers.get('x-request-id'),
  ]);

/** Every write route of the document. */
const writes = { ...facts, ...devices, ...files, ...payPeriods, ...plans, ...people };
/** They are sent by POST because their questions do not fit into an address, and change nothing. */
const questions = [
  'POST /api/attendance-admin/users/batch/resolve',
  'POST /api/attendance/import/prepare',
  'POST /api/attendance/import/preview',
  'POST /api/attendance/rules/preview',
  ...['devicecmd', 'registry', 'push'].flatMap((call) =>
    [call, `${call}.aspx`].flatMap((name) => [`POST /iclock/{secret}/${name}`, `POST /iclock/${name}`]),
  ),
];

it('AUD-01: every write route of the document is tried here', async () => {
  const { body } = await server.stranger.get('/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, unknown>> };
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect([...Object.keys(writes), ...questions].sort()).toEqual(documented.sort());
});

it.each(Object.entries(writes))(
  'AUD-01: %s leaves exactly one entry',
  async (_route, { is: [entity, action], anonymous, call }) => {
    const operator = await server.world.operator();
    const reply = await call(operator.api);
    expect([200, 201, 202, 204]).toContain(reply.status);
    const entries = await entriesOf(reply);
    expect(entries).toEqual([
      expect.objectContaining({
        entity,
        action,
        outcome: 'success',
        ip: '127.0.0.1',
        entity_id: expect.stringMatching(/./) as string,
      }),
    ]);
    const [entry] = entries;
    if (!anonymous) expect([acme.admin.id, acme.employee.id, clerk.id, operator.id]).toContain(entry?.user_id);
    expect(Math.abs(Number(entry?.['created_at']) - Date.now())).toBeLessThan(10_000);
    expect(JSON.stringify(entries)).not.toContain(secret);
  },
);

it('AUD-02: a write that fails after its change leaves neither, and a failure in the trail', async () => {
  await server.database.sql(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'fault' USING ERRCODE = 'XX000'; END $$`,
  );
  await server.database.sql(
    'CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON idempotency_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()',
  );
  try {
    const before = await counts();
    const replies = [
      await acme.admin.api.post('/api/users', { name: 'Nobody', role: 'employee' }, { key: randomUUID() }),
      await acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' }, { key: randomUUID() }),
    ];
    for (const reply of replies) {
      expect(reply.status).toBe(500);
      expect(reply.text).not.toMatch(/fault|XX000/);
      expect(await entriesOf(reply)).toEqual([]);
    }
    expect(await counts()).toEqual(before);
    const ids = replies.map(({ headers }) => headers.get('x-request-id'));
    await server.app.get(RequestTrail, { strict: false }).flush();
    expect(
      await server.database.count(
        'operation_logs',
        `status = 'failure' AND event_type = 'api.failed' AND request_id = ANY ($1)`,
        [ids],
      ),
    ).toBe(2);
  } finally {
    await server.database.sql('DROP FUNCTION fail() CASCADE');
  }
});

const counts = () =>
  Promise.all(
    ['users', 'user_roles', 'punches', 'idempotency_keys', 'audit_logs'].map((table) => server.database.count(table)),
  );

it('AUD-03: without its evidence a change does not happen', async () => {
  const session = await aSession();
  const [id, user] = [await aPunch(), await aUser()];
  const columns =
    'tenant_id, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id, exception_id, request_id, ip, canonical';
  await server.database.sql(`REVOKE INSERT (${columns}) ON audit_logs FROM rollcall_runtime, rollcall_writer`);
  try {
    const before = await counts();
    const tried = [
      acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' }, { key: randomUUID() }),
      acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' }),
      acme.admin.api.delete(`/api/punches/${id}`, { reason: 'Never happens' }, { key: randomUUID() }),
      acme.admin.api.patch(`/api/users/${user['id'] ?? ''}`, { name: 'Never happens' }),
      acme.admin.api.post('/api/users', { name: 'Never Happens', role: 'employee' }, { key: randomUUID() }),
      server.stranger.post('/api/auth/refresh-token', { refreshToken: session['refreshToken'] }),
    ];
    for (const { status } of await Promise.all(tried)) expect(status).toBeGreaterThanOrEqual(500);
    expect(await counts()).toEqual(before);
    expect(await server.database.count('punches', `id = $1 AND status = 'active'`, [id])).toBe(1);
    expect(await server.database.count('users', `name = 'Never happens'`)).toBe(0);
  } finally {
    await server.database.sql(`GRANT INSERT (${columns}) ON audit_logs TO rollcall_runtime, rollcall_writer`);
  }
});

it('AUD-07: changes hold the fields that changed, old and new', async () => {
  const user = await aUser();
  const reply = await acme.admin.api.patch(`/api/users/${user['id'] ?? ''}`, { name: 'Nora Changed' });
  const [entry] = await entriesOf(reply);
  expect(entry?.changes).toEqual({ before: { name: 'Nora New' }, after: { name: 'Nora Changed' } });
});

it('AUD-08: a new password is nowhere to be found', async () => {
  const user = await aUser();
  const fresh = 'an entirely different phrase';
  const reply = await acme.admin.api.patch(`/api/users/${user['id'] ?? ''}`, { password: fresh });
  expect(reply.status).toBe(200);
  const [entry] = await entriesOf(reply);
  expect(entry).toBeDefined();
  const { bytes } = await fetch(`${server.url}/api/attendance-admin/audit-logs/export?entityId=${user['id'] ?? ''}`, {
    headers: { authorization: `Bearer ${acme.admin.token}` },
  }).then(async (response) => ({ bytes: await response.text() }));
  for (const text of [JSON.stringify(entry), (entry?.['canonical'] as Buffer).toString(), bytes]) {
    expect(text).not.toContain(fresh);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('$scrypt');
    expect(text).not.toContain('$argon');
  }
  expect(await server.database.count('operation_logs', `operation_logs::text LIKE '%' || $1 || '%'`, [fresh])).toBe(0);
});

it('AUD-10: a batch of a hundred leaves a hundred entries under one request', async () => {
  const punches = Array.from({ length: 100 }, (_, n) => ({
    employeeId: acme.employee.id,
    type: n % 2 === 0 ? 'in' : 'out',
    timestamp: new Date(Date.UTC(2026, 1, 1) + n * 3_600_000).toISOString(),
  }));
  const reply = await acme.admin.api.post('/api/punches/batch', { punches });
  const { results } = reply.body as { results: { id: string }[] };
  const entries = await entriesOf(reply);
  expect(entries.map((entry) => entry['entity_id']).sort()).toEqual(results.map(({ id }) => id).sort());
});
