import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode } from './files';

/**
 * A pid alone names nothing: it is reused, after a reboot within seconds. Together with the moment the process
 * started it names one process for ever.
 */
export interface ProcessName {
  pid: number;
  startedAt?: string | undefined;
}

export function describeProcess(pid: number): ProcessName {
  return { pid, startedAt: startTime(pid) };
}

/** Unknown start times count as equal: to think a dead process alive costs a restart, the reverse costs data. */
export function isSameProcessAlive(name: ProcessName): boolean {
  if (!isAlive(name.pid)) return false;
  const now = startTime(name.pid);
  return now === undefined || name.startedAt === undefined || now === name.startedAt;
}

/** A zombie answers signals but holds nothing any more; in a container nobody may ever collect it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means it is there and belongs to somebody else.
    if (errorCode(error) !== 'EPERM') return false;
  }
  return linuxStat(pid)?.state !== 'Z';
}

function startTime(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStat(pid)?.startTicks;
  if (process.platform === 'win32') return undefined;
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  return ps.status === 0 ? ps.stdout.trim() : undefined;
}

function linuxStat(pid: number): { state: string; startTicks: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The second field is the program's name in brackets and may contain blanks and brackets: count from its end. */
export function parseStat(stat: string): { state: string; startTicks: string } | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}
