import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { preflight } from '../../src/tools/preflight/preflight';
import { builtProgram } from '../support/build';
import { TestDatabase } from '../support/database';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await TestDatabase.create();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-preflight-'));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** The settings of a server that has every login. */
function settings(changed: Record<string, string | undefined> = {}) {
  const { runtime, owner, retention } = database.urls;
  const logins = { DATABASE_URL: runtime, DATABASE_OWNER_URL: owner, DATABASE_RETENTION_URL: retention };
  return { NODE_ENV: 'test', ROLLCALL_DATA_DIR: folder, ...logins, ...changed };
}

/** `rollcall preflight` in a process of its own. */
function command(env: Record<string, string | undefined>) {
  const program = path.join(path.dirname(builtProgram()), 'cli.js');
  return new Promise<{ code: number; lines: string[] }>((resolve) => {
    execFile(process.execPath, [program, 'preflight'], { env }, (failure, out) => {
      resolve({ code: failure ? Number(failure.code) : 0, lines: out.trimEnd().split('\n') });
    });
  });
}

it('ATT-09: a start that will succeed passes, with a line for each check; one that will not is exit code 1', async () => {
  const { code, lines } = await command(settings());
  expect([code, lines]).toEqual([
    0,
    [
      'ok     environment: complete for test',
      expect.stringMatching(/^ok {5}database: PostgreSQL \d+ at /),
      'ok     owner login: has its rights',
      'ok     retention login: has its rights',
      expect.stringMatching(/^ok {5}migrations: all \d+ are applied$/),
      'ok     signing keys: 1 in use',
    ],
  ]);
  const bad = await command(settings({ DATABASE_RETENTION_URL: undefined }));
  expect(bad.code).toBe(1);
  expect(bad.lines).toContain(
    'FAILED retention login: not set: what has expired would never be deleted. Do this: set DATABASE_RETENTION_URL, or RETENTION=off',
  );
});

it('B16: a variable that nobody reads is named, without its value', async () => {
  const checks = await preflight(settings({ METRIC_TOKEN: 's3cret-canary' }));
  expect(checks[0]?.finding).toBe('complete for test; METRIC_TOKEN is not read: is METRICS_TOKEN meant?');
  expect(JSON.stringify(checks)).not.toContain('s3cret-canary');
});

const lastMigration = 'SELECT name FROM migrations ORDER BY "timestamp" DESC LIMIT 1';
const faults: [
  what: string,
  name: string,
  words: RegExp,
  arrange: () => Record<string, string | undefined> | Promise<Record<string, string | undefined>>,
][] = [
  ['a setting that cannot be read', 'environment', /^PORT .*\.env\.example/, () => ({ PORT: 'eighty' })],
  [
    'a database that does not answer',
    'database',
    /^.*127\.0\.0\.1:9.*DATABASE_URL/,
    () => ({ DATABASE_URL: 'postgresql://u:s3cret-canary@127.0.0.1:9/rollcall' }),
  ],
  [
    'an owner who owns nothing',
    'owner login',
    /^lacks its rights/,
    () => ({ DATABASE_OWNER_URL: database.urls.runtime }),
  ],
  [
    'a retention login without its role',
    'retention login',
    /^lacks its rights/,
    () => ({ DATABASE_RETENTION_URL: database.urls.runtime }),
  ],
  [
    'a retention login with a wrong password',
    'retention login',
    /^cannot sign in/,
    () => ({ DATABASE_RETENTION_URL: database.urls.retention.replace(/:[^:@]+@/, ':s3cret-canary@') }),
  ],
  ['no retention login', 'retention login', /^not set/, () => ({ DATABASE_RETENTION_URL: undefined })],
  [
    'a database behind the build, and nobody to migrate it',
    'migrations',
    /^1 of \d+ are missing: run "rollcall migrate"/,
    async () => {
      await database.sql(`DELETE FROM migrations WHERE name = (${lastMigration})`);
      return { DATABASE_OWNER_URL: undefined };
    },
  ],
  [
    'a database ahead of the build',
    'migrations',
    /^the database has 1 that this build does not know/,
    async () => {
      await database.sql(`INSERT INTO migrations ("timestamp", name) VALUES (9999, 'from-the-future-0000000009999')`);
      return {};
    },
  ],
  [
    'damaged signing keys',
    'signing keys',
    /^.*signing\.jwks\.json/,
    async () => {
      await mkdir(path.join(folder, 'keys'));
      await writeFile(path.join(folder, 'keys', 'signing.jwks.json'), '{"keys":[');
      return {};
    },
  ],
];

it.each(faults)('ATT-09: %s fails one check, which says what to do', async (_, name, words, arrange) => {
  const checks = await preflight(settings(await arrange()));
  const found = checks.filter(({ remedy }) => remedy !== undefined);
  expect(found.map((check) => check.name)).toEqual([name]);
  expect(`${found[0]?.finding}: ${found[0]?.remedy}`).toMatch(words);
  expect(JSON.stringify(checks)).not.toContain('s3cret-canary');
});

it('in production without a database every line that fails says by itself what to do', async () => {
  const { code, lines } = await command({ NODE_ENV: 'production' });
  expect([code, lines]).toEqual([
    1,
    [
      'FAILED environment: DATABASE_URL is required in production: the embedded PostgreSQL is for trying and testing. Do this: ' +
        'make the logins as docs/operations/database.md says and set DATABASE_URL; without NODE_ENV=production a PostgreSQL of its own is started',
      'FAILED environment: AUTH_SIGNING_KEYS is required in production: make one with "rollcall keys". Do this: ' +
        'set it to what "node dist/cli.js keys" prints',
      'FAILED environment: METRICS_TOKEN is required in production, or METRICS_PUBLIC=on behind a guarded network. Do this: ' +
        'set it to a secret of your own, such as "openssl rand -hex 32" prints, or METRICS_PUBLIC=on',
    ],
  ]);
});
