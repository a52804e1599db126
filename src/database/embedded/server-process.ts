import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, program } from './binaries';
import { commandFor, type Runtime } from './identity';
import { isServing, readPostmaster } from './postmaster-file';
import { isAlive } from './processes';
import type { ServerLog } from './server-log';
import { asArguments } from './server-settings';

const patience = { start: 300_000, fastStop: 30_000, immediateStop: 10_000 };

interface LaunchRequest {
  cluster: string;
  runtime: Runtime;
  port: number;
  settings: Record<string, string>;
  serverLog: ServerLog;
}

/** A server process, started here or found. Only its pid counts; whether it is our child makes no difference to it. */
export interface Server {
  pid: number;
  port: number;
}

export class PortTaken extends Error {}

/**
 * Starts the server and waits until it accepts connections; `died` hears of every later end.
 *
 * It gets a session of its own, or Ctrl-C at a terminal would stop the database before the requests in flight are done;
 * and it does not keep Node alive: who forgets to stop it must still be able to exit.
 */
export async function launch(request: LaunchRequest, died: (how: string) => void): Promise<Server> {
  const { cluster, runtime, port, settings, serverLog } = request;
  const args = ['-D', cluster, ...asArguments(settings), '-p', String(port)];
  const [file, rest, options] = commandFor(runtime.identity, program(runtime.binaries.home, 'postgres'), args, cluster);
  const child = await serverLog.write((descriptor) =>
    spawn(file, rest, { ...options, detached: true, stdio: ['ignore', descriptor, descriptor] }),
  );
  let ended: string | undefined;
  const end = (how: string): void => {
    ended = how;
    died(how);
  };
  child.on('error', (error) => {
    end(error.message);
  });
  child.on('exit', (code, signal) => {
    end(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
  });
  child.unref();

  const deadline = Date.now() + patience.start;
  while (ended === undefined && Date.now() < deadline) {
    const postmaster = readPostmaster(cluster);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return { pid: postmaster.pid, port };
    await sleep(15);
  }
  if (ended === undefined && child.pid !== undefined) await stopServer({ pid: child.pid, port }, runtime.binaries);
  if (/could not bind IPv4 address/.test(serverLog.latest())) throw new PortTaken(`Port ${port} is taken.`);
  throw new Error(
    `PostgreSQL did not start (${ended ?? 'it never became ready'}). ${serverLog.path} says:\n${serverLog.excerpt()}`,
  );
}

/** A server that runs on this cluster, once it has made up its mind: still starting or stopping is waited for. */
export async function findServer(cluster: string): Promise<Server | undefined> {
  const deadline = Date.now() + patience.start;
  for (;;) {
    const postmaster = readPostmaster(cluster);
    if (postmaster === undefined || !isServing(cluster, postmaster)) return undefined;
    if (postmaster.status === 'ready') return postmaster;
    if (Date.now() > deadline) {
      throw new Error(
        `A PostgreSQL (pid ${postmaster.pid}) runs on ${cluster} and has been "${postmaster.status}" for minutes.`,
      );
    }
    await sleep(50);
  }
}

/** Fast: open transactions are rolled back and everything is written. Immediate, if it must be: as after a crash. */
export async function stopServer({ pid }: Server, binaries: Binaries): Promise<void> {
  for (const [signal, wait] of [
    ['INT', patience.fastStop],
    ['QUIT', patience.immediateStop],
  ] as const) {
    send(pid, signal, binaries);
    const deadline = Date.now() + wait;
    while (isAlive(pid) && Date.now() < deadline) await sleep(15);
    if (!isAlive(pid)) return;
  }
  throw new Error(`PostgreSQL (pid ${pid}) does not stop.`);
}

/** Windows has no signals; PostgreSQL emulates them there, and pg_ctl is the one who knows how. */
export function send(pid: number, signal: 'INT' | 'QUIT', binaries: Binaries): void {
  if (process.platform === 'win32') {
    spawnSync(program(binaries.home, 'pg_ctl'), ['kill', signal, String(pid)], { windowsHide: true });
    return;
  }
  try {
    process.kill(pid, `SIG${signal}`);
  } catch {
    // It ended between the question and the signal.
  }
}
