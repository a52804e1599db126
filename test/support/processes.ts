import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtProgram } from './build';
import type { TestDatabase } from './database';
import { patient } from './patient';
import { PATIENCE_MS } from './until';

/** A server in a process of its own: for what can only be done to a process, from signals to kill -9. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything that it has written so far, both streams. */
  readonly output: string;
  /** What of it went to standard error. */
  readonly errors: string;
  readonly exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The settings of a server on a test's database. `dataDir` holds its signing key: servers that share it know each other's tokens. */
export function settingsFor(database: TestDatabase, dataDir: string): Record<string, string> {
  return { DATABASE_URL: database.urls.runtime, ROLLCALL_DATA_DIR: dataDir };
}

/** Runs the program to its end. */
export function runProcess(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [builtProgram()], { env: { PATH: process.env['PATH'] ?? '', ...env } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('exit', (code) => {
      resolve({ code, output });
    });
  });
}

/**
 * Starts a server and waits until it is ready. Its port is PORT, or a free one that its log names at level info. With a `command` it is
 * started by that, in `folder`, as the leader of a process group. Where its standard output goes elsewhere, PORT has to be given.
 */
export async function startProcess(
  environment: Record<string, string>,
  command = [process.execPath, builtProgram()],
  folder?: string,
  standardOutput: 'pipe' | number = 'pipe',
): Promise<ServerProcess> {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    stdio: ['ignore', standardOutput, 'pipe'],
    detached: folder !== undefined,
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      PORT: '0',
      ATTENDANCE_RATE_LIMIT_ENABLED: 'off',
      DRAIN_DELAY_MS: '0',
      RETENTION: 'off',
      ...patient(environment),
    },
  });
  let [output, errors] = ['', ''];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (stream === child.stderr) errors += text;
    });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', end);
      resolve({ code, signal });
    });
  });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const port = environment['PORT'] ?? /Listening on http:\/\/[^:\s]+:(\d+)/.exec(output)?.[1];
    const url = `http://127.0.0.1:${port ?? ''}`;
    if (port !== undefined && (await isReady(url))) {
      return {
        url,
        pid: child.pid ?? 0,
        get output() {
          return output;
        },
        get errors() {
          return errors;
        },
        exited,
        kill: (signal) => child.kill(signal),
      };
    }
    const over = child.exitCode !== null || child.signalCode !== null;
    if (over || Date.now() > deadline) {
      end();
      throw new Error(`The server ${over ? 'ended before it was ready' : 'did not become ready'}:\n${output}`);
    }
    await sleep(20);
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`).then(
    (response) => response.ok,
    () => false,
  );
