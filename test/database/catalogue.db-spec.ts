import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { TestDatabase } from '../support/database';

/**
 * Tables that belong to no tenant. A new one must be argued for here. `unclaimed_devices`: a terminal that calls before anybody
 * has claimed it says a serial number and nothing of a tenant. `disputed_serials`: what several tenants claim is none's. `quota_counts`: requests
 * are counted before anybody knows a tenant, under hashes.
 */
const sharedTables = [
  'disputed_serials',
  'job_leases',
  'migrations',
  'quota_counts',
  'retention_runs',
  'tenants',
  'unclaimed_devices',
];

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

const names = async (sql: string) => (await database.sql<{ name: string }>(sql)).map((row) => row.name);
const tenantTables = `SELECT c.oid, c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`;

describe('TEN-16: the catalogue', () => {
  it('knows every table: with a tenant, or on the list', async () => {
    const without =
      await names(`SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      AND c.oid NOT IN (SELECT oid FROM (${tenantTables}) t) ORDER BY 1`);
    expect(without).toEqual(sharedTables);
  });

  it('has row-level security on every table of a tenant, and forced, partitions included', async () => {
    expect(
      await names(
        `SELECT t.name FROM (${tenantTables}) t JOIN pg_class c USING (oid) WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
      ),
    ).toEqual([]);
    expect(
      await names(
        `SELECT relname AS name FROM pg_class WHERE relname = 'tenants' AND NOT (relrowsecurity AND relforcerowsecurity)`,
      ),
    ).toEqual([]);
  });

  it('has a policy on each of them that a partition does not inherit a way around', async () => {
    const bare = await names(`SELECT t.name FROM (${tenantTables}) t JOIN pg_class c USING (oid)
      WHERE NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid)`);
    expect(bare).toEqual([]);
    const granted =
      await names(`SELECT c.relname || ' ' || acl.privilege_type AS name FROM pg_class c, aclexplode(c.relacl) acl
      WHERE c.relispartition AND acl.grantee <> c.relowner`);
    expect(granted).toEqual([]);
  });

  it('has on each of them what protect_tenant_table() does: the policy of the server, and a trigger that keeps the tenant', async () => {
    const half =
      await names(`SELECT t.name FROM (${tenantTables}) t JOIN pg_class c USING (oid) WHERE NOT c.relispartition AND NOT (
      EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = t.name || '_own' AND p.polcmd = '*'
        AND p.polroles = ARRAY['rollcall_runtime'::regrole::oid]
        AND pg_get_expr(p.polqual, t.oid) = '(tenant_id = current_tenant())'
        AND pg_get_expr(p.polwithcheck, t.oid) = '(tenant_id = current_tenant())')
      AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgname = t.name || '_tenant_fixed' AND g.tgenabled <> 'D'))`);
    expect(half).toEqual([]);
  });

  it('demands a tenant, starts every primary key and every unique index with it', async () => {
    expect(
      await names(
        `SELECT t.name FROM (${tenantTables}) t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id' WHERE NOT a.attnotnull`,
      ),
    ).toEqual([]);
    const astray =
      await names(`SELECT i.indexrelid::regclass::text AS name FROM (${tenantTables}) t JOIN pg_index i ON i.indrelid = t.oid
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id' WHERE (i.indisprimary OR i.indisunique) AND i.indkey[0] <> a.attnum`);
    expect(astray).toEqual([]);
  });

  it('carries the tenant in every foreign key between tables of tenants', async () => {
    const loose =
      await names(`SELECT k.conname AS name FROM pg_constraint k JOIN (${tenantTables}) t ON t.oid = k.conrelid
      JOIN (${tenantTables}) r ON r.oid = k.confrelid WHERE k.contype = 'f' AND array_length(k.conkey, 1) < 2`);
    expect(loose).toEqual([]);
  });

  it('names its constraints, and never cascades', async () => {
    expect(
      await names(`SELECT conname AS name FROM pg_constraint WHERE contype = 'f' AND confdeltype NOT IN ('r', 'a')`),
    ).toEqual([]);
    expect(
      await names(
        `SELECT conname AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname ~ '_(check|key)[0-9]*$'`,
      ),
    ).toEqual([]);
  });

  it('grants nobody an UPDATE of an id or a tenant', async () => {
    const mighty =
      await names(`SELECT table_name || '.' || column_name || ' ' || grantee AS name FROM information_schema.column_privileges
      WHERE privilege_type = 'UPDATE' AND column_name IN ('tenant_id', 'id') AND grantee LIKE 'rollcall%' AND grantee <> 'rollcall_owner'`);
    expect(mighty).toEqual([]);
  });

  it('has no view that looks past the policies', async () => {
    expect(
      await names(`SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace = 'public'::regnamespace
      AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false)`),
    ).toEqual([]);
  });

  it('keeps every function that acts with another right to a fixed search path', async () => {
    expect(
      await names(
        `SELECT proname AS name FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND NOT coalesce(proconfig::text LIKE '%search_path=%', false)`,
      ),
    ).toEqual([]);
  });
});

describe('docs/triggers.md', () => {
  const root = path.resolve(__dirname, '../..');
  const page = readFileSync(path.join(root, 'docs/triggers.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `(\w+)` +\| ([A-Z ]+?) +\| (\w+) +\| .*? \| `([^`]+)` +\|$/gm)].map(
    ([, name = '', table = '', when = '', kind = '', file = '']) => ({ name, table, when, kind, file }),
  );
  const refusing = ['refuse_change', 'refuse_closed_days'];

  it('lists every trigger with its table, when it fires and whether it only refuses', async () => {
    const found = await database.sql<{ name: string; table: string; definition: string; calls: string }>(
      `SELECT t.tgname AS name, c.relname AS table, pg_get_triggerdef(t.oid) AS definition, f.proname AS calls
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
       WHERE NOT t.tgisinternal AND NOT c.relispartition AND t.tgname NOT LIKE '%\\_tenant\\_fixed'`,
    );
    const shown = found.map(({ name, table, definition, calls }) => {
      const [, moment = '', events = ''] = /(BEFORE|AFTER) ([A-Z ]+?)(?: OF .*?)? ON /.exec(definition) ?? [];
      const when = `${moment} ${events.split(' OR ').sort().join(' OR ')}`;
      return `${name} ${table} ${when} ${refusing.includes(calls) ? 'refuses' : 'works'}`;
    });
    const listed = rows.map(({ name, table, when, kind }) => {
      const [moment = '', ...events] = when.split(' ');
      const sorted = events.join(' ').split(' OR ').sort().join(' OR ');
      return `${name} ${table} ${moment} ${sorted} ${kind === 'refuses' ? kind : 'works'}`;
    });
    expect(shown.length).toBeGreaterThan(30);
    expect(listed.sort()).toEqual(shown.sort());
  });

  /** The table whose rows a repository creates, changes and deletes by what it inherits. */
  const inherited = (file: string, text: string): string | undefined => {
    const [, entity = ''] = /extends \w+Repository<(\w+)/.exec(text) ?? [];
    const [, module = ''] = new RegExp(`import \\{[^}]*\\b${entity}\\b[^}]*\\} from '\\./([\\w.-]+)'`).exec(text) ?? [];
    if (entity === '' || module === '') return undefined;
    const declared = readFileSync(path.join(root, path.dirname(file), `${module}.ts`), 'utf8');
    return /@Entity\('(\w+)'/.exec(declared)?.[1];
  };

  it('says where each is named, beside a statement that fires it', () => {
    const astray = rows.filter(({ name, table, kind, file }) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      const entity = new RegExp(`Repository<${table.replace(/s$/, '')}>`, 'i');
      const writes =
        new RegExp(`(INSERT INTO|UPDATE|DELETE FROM) ${table}\\b`).test(text) ||
        inherited(file, text) === table ||
        (entity.test(text) && /createQueryBuilder\(\)\s*\.(?:insert|update|delete)\(\)/.test(text));
      return !writes || (kind !== 'refuses' && !text.includes(`\`${name}\``));
    });
    expect(astray).toEqual([]);
  });
});

describe('TEN-15: the runtime login inside one tenant', () => {
  let runtime: Client;
  const [a, b] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];

  beforeAll(async () => {
    await database.sql(`INSERT INTO tenants (id, slug, name) VALUES ('${a}', 'a', 'A'), ('${b}', 'b', 'B')`);
    await database.sql(`INSERT INTO users (tenant_id, id, name) VALUES ('${a}', '${a}', 'A'), ('${b}', '${b}', 'B')`);
    runtime = new Client({ connectionString: database.urls.runtime });
    await runtime.connect();
  });
  afterAll(() => runtime.end());

  async function as<T>(tenant: string | undefined, sql: string): Promise<T[] | string> {
    await runtime.query('BEGIN');
    try {
      if (tenant) await runtime.query("SELECT set_config('app.tenant_id', $1, true)", [tenant]);
      return (await runtime.query(sql)).rows as T[];
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await runtime.query('ROLLBACK');
    }
  }

  it('sees nothing without a tenant, also after another transaction had one', async () => {
    expect(await as(a, 'SELECT id FROM users')).toHaveLength(1);
    for (const table of ['users', 'punches', 'audit_logs', 'idempotency_keys', 'operation_logs', 'tenants']) {
      expect([table, await as(undefined, `SELECT 1 FROM ${table}`)]).toEqual([table, []]);
    }
  });

  it("neither reads, inserts, changes nor deletes what is another tenant's", async () => {
    expect(await as(a, `SELECT id FROM users WHERE tenant_id = '${b}'`)).toEqual([]);
    expect(await as(a, `INSERT INTO users (tenant_id, name) VALUES ('${b}', 'M')`)).toBe('42501');
    expect(await as(a, `UPDATE users SET name = 'M' WHERE tenant_id = '${b}' RETURNING 1`)).toEqual([]);
    expect(await as(a, `DELETE FROM users`)).toBe('42501');
    expect(await as(a, `UPDATE users SET tenant_id = '${b}'`)).toBe('42501');
  });

  it('cannot see past its tenant as the writer either, nor become anything else', async () => {
    const group = (tenants: string) =>
      `SELECT set_config('role', 'rollcall_writer', true), set_config('app.tenant_ids', '{${tenants}}', true)`;
    await runtime.query('BEGIN');
    await runtime.query(group(a));
    expect((await runtime.query('SELECT tenant_id FROM users')).rows).toEqual([{ tenant_id: a }]);
    await expect(
      runtime.query(`INSERT INTO idempotency_keys (tenant_id, scope, fingerprint, status, headers, body, packed, expires_at)
      VALUES ('${b}', sha256('x'), sha256('x'), 201, '{}', '', false, now())`),
    ).rejects.toMatchObject({ code: '42501' });
    await runtime.query('ROLLBACK');
    for (const role of ['rollcall_retention', 'rollcall_directory', 'rollcall_owner', 'postgres']) {
      expect([role, await as(a, `SET LOCAL ROLE ${role}`)]).toEqual([role, '42501']);
    }
  });

  it('TEN-09: a row keeps its tenant, whoever asks', async () => {
    await expect(database.sql(`UPDATE users SET tenant_id = '${b}' WHERE id = '${a}'`)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(database.sql(`UPDATE tenants SET id = gen_random_uuid() WHERE id = '${a}'`)).rejects.toMatchObject({
      code: '42501',
    });
  });
});
