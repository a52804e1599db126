import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../src/database/migrating/migrate';
import { preflight } from '../../src/tools/preflight/preflight';
import { builtProgram } from '../support/build';
import { TestDatabase } from '../support/database';

describe('a database of before the first release', () => {
  const sentence =
    /^This database was made before the first release and cannot be upgraded: start over with an empty one .*delete that folder\)\.$/;
  let former: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    former = await TestDatabase.create('template1');
    folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-former-'));
  });
  afterEach(async () => {
    await former.drop();
    await rm(folder, { recursive: true });
  });

  const settings = () => ({
    NODE_ENV: 'test',
    ROLLCALL_DATA_DIR: folder,
    DATABASE_URL: former.urls.runtime,
    DATABASE_OWNER_URL: former.urls.owner,
    RETENTION: 'off',
  });
  /** The program in a process of its own, with what it says on standard error. */
  const run = ([file, ...args]: [string, ...string[]]) =>
    new Promise<{ code: unknown; said: string }>((resolve) => {
      const program = path.join(path.dirname(builtProgram()), file);
      execFile(process.execPath, [program, ...args], { env: settings() }, (failure, _, said) => {
        resolve({ code: failure?.code, said });
      });
    });
  const commands: [string, ...string[]][] = [['main.js'], ['cli.js', 'migrate'], ['cli.js', 'migrate', '--down']];
  it('is refused at start, by "rollcall migrate" and by preflight, with one sentence that says how to start over', async () => {
    await former.sql(
      `CREATE TABLE migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL);
       ALTER TABLE migrations OWNER TO rollcall_owner; GRANT SELECT ON migrations TO rollcall_runtime;
       INSERT INTO migrations ("timestamp", name)
         VALUES (1, 'tenants-and-people-0000000000001'), (2, 'idempotency-keys-0000000000002')`,
    );
    for (const command of commands) {
      const { code, said } = await run(command);
      expect([command, code, said.trimEnd()]).toEqual([command, 1, expect.stringMatching(sentence)]);
    }
    const check = (await preflight(settings())).find(({ name }) => name === 'migrations');
    expect(`${check?.finding}: ${check?.remedy}.`).toMatch(sentence);
    expect(await former.count('pg_class', `relname = 'tenants'`)).toBe(0);
  });

  it('is refused where the runner of then kept the books', async () => {
    await former.sql('CREATE TABLE pgmigrations (name text)');
    await expect(migrate({ connectionString: former.urls.owner })).rejects.toThrow(sentence);
  });
});
