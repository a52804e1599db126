import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { TestDatabase } from '../support/database';

/** The ledger against everybody who can reach the database. */
let database: TestDatabase;
let tenantId: string;
let leaves: string[];
const logins: Client[] = [];
const append = `INSERT INTO audit_logs (tenant_id, user_id, action, entity, entity_id, changes, request_id, canonical)
  VALUES ($1, $2, 'update', 'user', 'x', '{}', 'r', 'x')`;

beforeAll(async () => {
  database = await TestDatabase.create();
  const [tenant] = await database.sql<{ id: string }>(
    `INSERT INTO tenants (slug, name) VALUES ('acme', 'Acme') RETURNING id`,
  );
  tenantId = tenant?.id ?? '';
  await database.sql(append, [tenantId, randomUUID()]);
  const parts = await database.sql<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass ORDER BY 1`,
  );
  leaves = parts.map(({ name }) => name);
});
afterAll(async () => {
  await Promise.all(logins.map((login) => login.end()));
  await database.drop();
});

async function login(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  logins.push(client);
  return client;
}

/** The SQLSTATE that a statement of the tenant fails with, or 'done'. */
async function codeOf(client: Client, sql: string, values: unknown[] = []): Promise<string> {
  await client.query('BEGIN');
  await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
  const code = await client.query(sql, values).then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
  );
  await client.query('ROLLBACK');
  return code;
}

const attacks = (table: string) => [
  `UPDATE ${table} SET action = 'x'`,
  `DELETE FROM ${table}`,
  `TRUNCATE ${table}`,
  `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
  `DROP TABLE ${table}`,
];

it('AUD-12 AUD-13: the server can change neither the ledger nor any leaf of it, this month or in a year', async () => {
  expect(leaves).toHaveLength(13);
  const runtime = await login(database.urls.runtime);
  for (const table of ['audit_logs', ...leaves]) {
    for (const attack of attacks(table)) expect([attack, await codeOf(runtime, attack)]).toEqual([attack, '42501']);
  }
  for (const leaf of leaves) {
    expect(await codeOf(runtime, `SELECT count(*) FROM ${leaf}`)).toBe('42501');
    expect(await codeOf(runtime, append.replace('audit_logs', leaf), [tenantId, randomUUID()])).toBe('42501');
  }
  expect(await codeOf(runtime, `SET session_replication_role = replica`)).toBe('42501');
});

it('AUD-12: nor as the writer, nor as whoever deletes what has expired', async () => {
  const runtime = await login(database.urls.runtime);
  await runtime.query('SET ROLE rollcall_writer');
  const retention = await login(database.urls.retention);
  for (const client of [runtime, retention]) {
    for (const attack of attacks('audit_logs'))
      expect([attack, await codeOf(client, attack)]).toEqual([attack, '42501']);
  }
});

it('the owner meets the triggers, on every leaf as on the whole', async () => {
  const owner = await login(database.urls.owner);
  await owner.query('ALTER TABLE audit_logs NO FORCE ROW LEVEL SECURITY');
  for (const table of ['audit_logs', ...leaves]) {
    expect([table, await codeOf(owner, `TRUNCATE ${table}`)]).toEqual([table, '42501']);
  }
  const [first = ''] = leaves;
  await owner.query(`ALTER TABLE ${first} NO FORCE ROW LEVEL SECURITY`);
  for (const table of ['audit_logs', first]) {
    expect(await codeOf(owner, `UPDATE ${table} SET action = 'x'`)).toBe('42501');
    expect(await codeOf(owner, `DELETE FROM ${table}`)).toBe('42501');
  }
  await owner.query(`ALTER TABLE ${first} FORCE ROW LEVEL SECURITY`);
  await owner.query('ALTER TABLE audit_logs FORCE ROW LEVEL SECURITY');
});

it('AUD-15: a superuser who switches triggers off for his session meets them all the same', async () => {
  const superuser = await login(database.urls.superuser);
  await superuser.query('SET session_replication_role = replica');
  for (const attack of [`DELETE FROM audit_logs`, `UPDATE audit_logs SET action = 'x'`, `TRUNCATE audit_logs`]) {
    expect([attack, await codeOf(superuser, attack)]).toEqual([attack, '42501']);
  }
  for (const leaf of leaves) expect(await codeOf(superuser, `TRUNCATE ${leaf}`)).toBe('42501');
  expect(await database.count('audit_logs')).toBe(1);
});

it('AUD-16: identifier, time, order and transaction number come from the database alone', async () => {
  const runtime = await login(database.urls.runtime);
  const values = { id: randomUUID(), created_at: '2020-01-01', seq: 1, xid: '1' };
  for (const [column, value] of Object.entries(values)) {
    const forged = append.replace('(tenant_id', `(${column}, tenant_id`).replace('VALUES (', 'VALUES ($3, ');
    expect([column, await codeOf(runtime, forged, [tenantId, randomUUID(), value])]).toEqual([column, '42501']);
  }
  expect(await codeOf(runtime, append, [tenantId, randomUUID()])).toBe('done');
  expect(await codeOf(runtime, append, [randomUUID(), randomUUID()])).toBe('42501');
});

it('AUD-41: the server cannot make or remove partitions', async () => {
  const runtime = await login(database.urls.runtime);
  expect(await codeOf(runtime, 'SELECT ensure_audit_partitions(24)')).toBe('42501');
  expect(await codeOf(runtime, `ALTER TABLE audit_logs DETACH PARTITION ${leaves[0] ?? ''}`)).toBe('42501');
});

it('every leaf of the future gets the same protection when it is made', async () => {
  const retention = await login(database.urls.retention);
  await retention.query('SELECT ensure_audit_partitions(14)');
  const unprotected = await database.sql(
    `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'audit_logs'::regclass AND NOT (c.relrowsecurity AND c.relforcerowsecurity
       AND (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A') = 2)`,
  );
  expect(unprotected).toEqual([]);
});
