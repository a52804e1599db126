import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  type EmbeddedOptions,
  type RunningPostgres,
  startEmbeddedPostgres,
} from '../../src/database/embedded/embedded-postgres';

/** For the tests of a file: a folder for their data directories, and an end to every server and owner that one of them leaves running. */
export function embeddedScene() {
  const root = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
  const running: RunningPostgres[] = [];
  const owners: ChildProcess[] = [];
  /** What the servers of this test have logged. */
  const lines: string[] = [];

  beforeAll(() => {
    chmodSync(root, 0o711);
  });
  beforeEach(() => {
    lines.length = 0;
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) owner.kill('SIGKILL');
    for (const server of running.splice(0).reverse()) await server.stop();
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  async function start(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<RunningPostgres> {
    const server = await startEmbeddedPostgres({ dataDir, durable: false, log: (line) => lines.push(line), ...more });
    running.push(server);
    return server;
  }

  /** A process of its own that starts the server and can then be killed without warning. */
  async function ownerProcess(dataDir: string): Promise<ChildProcess> {
    const owner = spawn(process.execPath, [join(__dirname, 'embedded-owner.js'), dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    owners.push(owner);
    await new Promise((resolve, reject) => {
      owner.stdout.once('data', resolve);
      owner.once('exit', () => {
        reject(new Error('the owner process ended'));
      });
    });
    return owner;
  }

  return { root, lines, start, ownerProcess };
}

export async function ask(server: RunningPostgres, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.superuserUrl('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

export const pidOf = (dataDir: string): number =>
  Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

export async function kill(process: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await gone;
}
