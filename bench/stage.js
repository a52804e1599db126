// What every bench needs: a PostgreSQL with real durability, tenants with people and their tokens.
const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Client } = require('pg');
const { parentOf } = require('./cpu');

/** Whose build is measured: this checkout's, or the one that `--against` has built. */
const root = process.env.BENCH_ROOT ?? path.join(__dirname, '..');
/** A module of the build, by the first of its names that is there: an earlier commit may have had another one. */
const built = (...names) =>
  require(path.join(root, 'dist', names.find((name) => existsSync(path.join(root, 'dist', `${name}.js`))) ?? names[0]));

/** Ids that SQL can compute from a number, so that pgbench can name the same people. */
const tenantId = (n) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`;
const personId = (n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

async function openStage() {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'rollcall-bench-'));
  const { startEmbeddedPostgres } = built('database/embedded/embedded-postgres');
  const { loginsOf, loginNames, provision } = built('database/provision');
  const { migrate } = built('database/migrating/migrate', 'database/migrations');
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings: { max_connections: '200' } });
  const logins = await loginsOf(dataDir);
  await provision(postgres.superuserUrl('postgres'), 'bench', logins);
  const url = (duty) => postgres.urlFor({ user: loginNames[duty], password: logins[duty] }, 'bench');
  await migrate({ connectionString: url('owner') });
  const admin = new Client({ connectionString: postgres.superuserUrl('bench') });
  await admin.connect();
  const backend = (await admin.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
  return {
    dataDir,
    postgresPid: parentOf(backend),
    postgres,
    url,
    admin,
    runtimePassword: logins.runtime,
    runtimeUser: loginNames.runtime,
    async close() {
      await admin.end();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a bench on a stage of its own; one that fails ends the process badly. */
async function onStage(bench) {
  try {
    const stage = await openStage();
    await bench(stage).finally(() => stage.close());
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  }
}

/** `tenants` tenants with `people` people each; people are numbered through. Statistics are not gathered: a new tenant has none. */
async function populate(stage, tenants, people, offset = 0) {
  await stage.admin.query(
    `INSERT INTO tenants (id, slug, name) SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'bench-' || n, 'Bench ' || n
       FROM generate_series(1, $1::int) n ON CONFLICT DO NOTHING`,
    [tenants],
  );
  await stage.admin.query(
    `INSERT INTO users (tenant_id, id, name) SELECT ('00000000-0000-7000-9000-' || lpad((1 + n % $1::int)::text, 12, '0'))::uuid,
       ('00000000-0000-7000-8000-' || lpad((n + $3::int)::text, 12, '0'))::uuid, 'Person ' || n FROM generate_series(0, $1::int * $2::int - 1) n ON CONFLICT DO NOTHING`,
    [tenants, people, offset],
  );
  await stage.admin.query(
    `INSERT INTO user_roles (tenant_id, user_id, role) SELECT tenant_id, id, 'employee' FROM users WHERE name LIKE 'Person %' ON CONFLICT DO NOTHING`,
  );
}

/** A number that none of the people has. */
const ADMINISTRATOR = 999_999;
/** An administrator of the first tenant, who is none of its people: nobody decides about hours of their own. Answers their token. */
async function administrator(stage) {
  const values = [tenantId(1), personId(ADMINISTRATOR)];
  await stage.admin.query(`INSERT INTO users (tenant_id, id, name) VALUES ($1, $2, 'Administrator')`, values);
  await stage.admin.query(`INSERT INTO user_roles (tenant_id, user_id, role) VALUES ($1, $2, 'admin')`, values);
  const [{ token }] = await tokensFor(stage, 1, 1, ADMINISTRATOR);
  return token;
}

/** Everybody's punches, keys and evidence away, between two runs: each starts from the same empty tables. */
async function wipe(stage) {
  await stage.admin.query(`SET session_replication_role = replica`);
  await stage.admin.query(`ALTER TABLE audit_logs DISABLE TRIGGER ALL`);
  const parts = await stage.admin.query(
    `SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass`,
  );
  for (const { part } of parts.rows) await stage.admin.query(`ALTER TABLE ${part} DISABLE TRIGGER ALL`);
  await stage.admin.query(
    `TRUNCATE punches, correction_requests, dirty_days, day_records, attendance_exceptions, idempotency_keys, audit_logs, operation_logs CASCADE`,
  );
  await stage.admin.query(`CHECKPOINT`);
}

/** Tokens as the server would give them: the bench knows its signing key. */
async function tokensFor(stage, tenants, people, offset = 0) {
  const { SigningKeys } = built('auth/signing-keys');
  const { AccessTokens } = built('auth/access-tokens');
  const { loadConfig } = built('config/config');
  const config = loadConfig({ ROLLCALL_DATA_DIR: stage.dataDir });
  const tokens = new AccessTokens(await SigningKeys.open(config), config);
  const list = [];
  for (let n = 0; n < tenants * people; n++) {
    const { token } = await tokens.issue({ tenantId: tenantId(1 + (n % tenants)), userId: personId(n + offset) }, 3600);
    list.push({ id: personId(n + offset), token });
  }
  return list;
}

const hasPgbench = () => spawnSync('pgbench', ['--version']).status === 0;

module.exports = { onStage, populate, administrator, wipe, tokensFor, hasPgbench, tenantId, personId, root, built };
