// What every bench needs: a PostgreSQL with real durability, tenants with people, a server process, and a way to end them.
const { spawn, spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Client } = require('pg');

const root = path.join(__dirname, '..');
const built = (file) => require(path.join(root, 'dist', file));

/** Ids that SQL can compute from a number, so that pgbench can name the same people. */
const tenantId = (n) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`;
const personId = (n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

async function openStage() {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'rollcall-bench-'));
  const { startEmbeddedPostgres } = built('database/embedded/embedded-postgres');
  const { loginsOf, loginNames, provision } = built('database/provision');
  const { migrate } = built('database/migrating/migrate');
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings: { max_connections: '200' } });
  const logins = await loginsOf(dataDir);
  await provision(postgres.superuserUrl('postgres'), 'bench', logins);
  const url = (duty) => postgres.urlFor({ user: loginNames[duty], password: logins[duty] }, 'bench');
  await migrate({ connectionString: url('owner') });
  const admin = new Client({ connectionString: postgres.superuserUrl('bench') });
  await admin.connect();
  return {
    dataDir,
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

/** Starts the built server as its own process and waits until it is ready. */
async function startServer(stage, port, environment = {}) {
  const child = spawn(
    process.execPath,
    [
      '--max-semi-space-size=32',
      '--no-allocation-site-pretenuring',
      ...(environment.NODE_ARGS?.split(' ') ?? []),
      path.join(root, 'dist', 'main.js'),
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DATABASE_URL: stage.url('runtime'),
        DATABASE_OWNER_URL: stage.url('owner'),
        DATABASE_RETENTION_URL: stage.url('retention'),
        ROLLCALL_DATA_DIR: stage.dataDir,
        RATE_LIMIT: 'off',
        DRAIN_DELAY_MS: '0',
        ...environment,
      },
    },
  );
  const started = performance.now();
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/ready`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null) throw new Error('the server ended before it was ready');
    if (performance.now() - started > 20_000) throw new Error('the server did not become ready');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    child,
    readyAfterMs: performance.now() - started,
    rssMb: () =>
      Number(/VmRSS:\s+(\d+)/.exec(require('node:fs').readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) /
      1024,
    async metric(name) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith(name) && !line.startsWith('#'))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

/** Runs the load generator to its end. */
function load(plan) {
  const file = path.join(os.tmpdir(), `rollcall-plan-${process.pid}-${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(
    file,
    JSON.stringify({
      host: '127.0.0.1',
      path: '/api/punches',
      warmupSeconds: 2,
      seconds: 6,
      keyed: true,
      start: Date.now() - 40 * 86_400_000,
      stepMs: 6_000,
      ...plan,
    }),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(__dirname, 'load.js'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('exit', () => {
      rmSync(file, { force: true });
      try {
        resolve(JSON.parse(output));
      } catch {
        reject(new Error(`the load generator failed: ${output}`));
      }
    });
  });
}

const hasPgbench = () => spawnSync('pgbench', ['--version']).status === 0;

module.exports = {
  openStage,
  populate,
  wipe,
  tokensFor,
  startServer,
  load,
  hasPgbench,
  tenantId,
  personId,
  root,
  built,
};
