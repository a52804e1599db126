import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '../../../http/problems/problem';

/** The largest file that is taken, in bytes. */
const LARGEST_FILE = 500 * 1024 * 1024;
/** Processes on one machine know whether another one lives; containers that share a folder and count from 1 do not. */
const HOST = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
/** Nobody reads a file for that long: one of another host, or of before names said whose they are, is nobody's by then. */
const FORGOTTEN_AFTER_MS = 2 * 86_400_000;

/** A file on this machine's disk for as long as it is needed. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Buffer;
  remove(): Promise<void>;
}

/**
 * Takes a stream to the end, or nothing of it: throws body_too_large, bad_request when it was cut off, and whatever `count` throws,
 * which is told of each piece's bytes before it is written. A stream that is refused is left where it is, for whoever answers its sender.
 */
export async function receive(source: Readable, count: (bytes: number) => void = () => undefined): Promise<LocalFile> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `rollcall-import-${HOST}-${process.pid}-`));
  const file = path.join(folder, 'file');
  const remove = () => rm(folder, { recursive: true, force: true });
  const digest = createHash('sha256');
  let bytes = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const chunk of unbroken(source)) {
      bytes += chunk.length;
      if (bytes > LARGEST_FILE) throw tooLarge();
      count(chunk.length);
      digest.update(chunk);
      yield chunk;
    }
  }
  try {
    await writeFile(file, pieces(), { mode: 0o600 });
    return { path: file, bytes, sha256: digest.digest(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The pieces of a stream, which says by a Problem that it was cut off and is not destroyed where somebody has seen enough of it. */
async function* unbroken(source: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false })) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (cause) {
    throw new Problem('bad_request', 'The upload ended before its length. Send the file again.', { cause });
  }
}

/** Removes what killed processes left behind, and answers how many files that were. What lives, or may live, is left alone. */
export async function sweepTemporaryFiles(): Promise<number> {
  let swept = 0;
  for (const name of await readdir(os.tmpdir())) {
    const [, host, pid] = /^rollcall-import-(?:([0-9a-f]{8})-(\d+)-)?\w+$/.exec(name) ?? [];
    if (!name.startsWith('rollcall-import-')) continue;
    const folder = path.join(os.tmpdir(), name);
    const touched = (await lstat(folder).catch(() => undefined))?.mtimeMs ?? Infinity;
    const isOrphan = host === HOST && isBefore(Number(pid), touched);
    if (!isOrphan && touched > Date.now() - FORGOTTEN_AFTER_MS) continue;
    await rm(folder, { recursive: true, force: true }).then(
      () => (swept += 1),
      () => undefined, // somebody else's
    );
  }
  return swept;
}

/** Whether the process that made something then has ended. In a container that was started again, it may have had our number. */
function isBefore(pid: number, made: number): boolean {
  if (pid === process.pid) return made < Date.now() - process.uptime() * 1000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

const tooLarge = () =>
  new Problem('body_too_large', `A file may have ${LARGEST_FILE / 1024 / 1024} MiB at most. Split it by month.`);
