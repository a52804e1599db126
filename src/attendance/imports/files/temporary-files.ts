import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';

/** The largest file that is taken, in bytes. */
const LARGEST_FILE = 500 * 1024 * 1024;
/** Whether another process lives is known on the same machine only: containers may share a folder, and each counts its processes from 1. */
const HOST = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
/** Nobody reads a file for this long. A file of another host, or without a host in its name, is deleted after it. */
const FORGOTTEN_AFTER_MS = 2 * 86_400_000;

/** A file on this machine's disk for as long as it is needed. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Buffer;
  remove(): Promise<void>;
}

/**
 * Writes a whole stream to a temporary file. Throws body_too_large, bad_request if the stream was cut off, and whatever `count` throws, which
 * gets the bytes of each piece before it is written. A refused stream is not destroyed, so that its sender can be answered.
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

/** The pieces of a stream. Throws a Problem if it was cut off; does not destroy it if the caller stops early. */
async function* unbroken(source: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: false })) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (cause) {
    throw new Problem('bad_request', 'The upload ended before its length. Send the file again.', { cause });
  }
}

/** Removes a temporary file after a write. A write may never be performed, so the file is removed after ten minutes in any case. */
export function removeAfter(write: Write, file: Pick<LocalFile, 'remove'>): Write {
  const timeout = setTimeout(() => void file.remove(), 600_000).unref();
  return {
    perform: async (context) => {
      try {
        return await write.perform(context);
      } finally {
        clearTimeout(timeout);
        await file.remove();
      }
    },
  };
}

/** Removes the temporary files of killed processes, and answers how many. Files of processes that live, or may live, stay. */
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

/** Whether the process that made a file at that time has ended. In a container that was restarted, it may have had our number. */
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
