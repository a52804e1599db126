import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes';

/** What a running server says about itself in `postmaster.pid`. */
interface Postmaster {
  pid: number;
  port: number;
  status: string;
}

/** Larger than any process number an operating system gives out, and still an int for PostgreSQL. */
const nobody = 2_147_483_647;

export function readPostmaster(cluster: string): Postmaster | undefined {
  try {
    return parsePostmaster(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Lines: pid, data directory, start, port, socket directory, address, shared memory, status; the last ones come late. */
export function parsePostmaster(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3] ?? 0)];
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0, status: (lines[7] ?? 'starting').trim() || 'starting' };
}

/**
 * Whether the process that `postmaster.pid` names still is this cluster's server. Its number may belong to an unrelated
 * process by now, and PostgreSQL itself would then refuse to start for ever. A postmaster works inside its data
 * directory; where that cannot be read the name has to do, and in doubt the answer is yes.
 */
export function isServing(cluster: string, { pid }: Postmaster): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (process.platform !== 'linux') return programName(pid)?.includes('postgres') ?? true;
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return isAlive(pid);
  }
}

/**
 * Lets PostgreSQL start past a file whose process number was reused. Not by deleting it: the line about shared memory
 * is how PostgreSQL notices that children of a killed server are still writing, and that check must stay.
 */
export function disownPostmasterFile(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  const [, ...rest] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [String(nobody), ...rest].join('\n'));
}

function programName(pid: number): string | undefined {
  const ps = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.status === 0 ? ps.stdout : undefined;
}
