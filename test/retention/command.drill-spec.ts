import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtProgram } from '../support/build';
import { TestDatabase } from '../support/database';
import { agedTrail, expiringKeys } from '../support/retention';

describe('rollcall retention', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  it('B15: says what a run deleted, and before what it would, which changes nothing', async () => {
    await expiringKeys(database, 3, '-1 minute');
    await agedTrail(database, 2, '91 days');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-retention-'));
    const command = (...flags: string[]) =>
      new Promise<string>((resolve, reject) => {
        const program = path.join(path.dirname(builtProgram()), 'cli.js');
        const login = { DATABASE_URL: database.urls.runtime, DATABASE_RETENTION_URL: database.urls.retention };
        execFile(
          process.execPath,
          [program, 'retention', ...flags],
          { env: { PATH: process.env['PATH'], NODE_ENV: 'test', ROLLCALL_DATA_DIR: folder, ...login } },
          (failure, out) => {
            if (failure) reject(new Error(failure.message));
            else resolve(out);
          },
        );
      });
    const rest = (what: string) =>
      `refresh_tokens: 0 ${what}\nsign_in_addresses: 0 ${what}\noperation_logs: 2 ${what}\nimport_files: 0 ${what}\nexport_files: 0 ${what}\n`;
    const would = 'rows would be deleted';
    expect(await command('--dry-run')).toBe(`idempotency_keys: 3 ${would}\n${rest(would)}`);
    expect([await database.count('idempotency_keys'), await database.count('operation_logs')]).toEqual([3, 2]);
    expect(await command()).toBe(`idempotency_keys: 3 rows deleted\n${rest('rows deleted')}audit_partitions: 0 made\n`);
    expect([await database.count('idempotency_keys'), await database.count('operation_logs')]).toEqual([0, 0]);
    rmSync(folder, { recursive: true });
  });
});
