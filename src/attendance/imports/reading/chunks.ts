import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Detected } from './detected';
import type { Interpreted } from './draft';
import type { Interpreter } from './interpreter';
import { type ReadOptions, readRows } from './read-rows';
import { charactersOf } from './row';

/** A chunk that was cut from more text than that ends early: what it keeps of a cell may hold on to all of it. */
const CHUNK_CHARACTERS = 16 << 20;

interface ChunkOptions extends ReadOptions {
  /** Rows of a chunk, at least, unless they are very long ones; whole batches of the reader. */
  readonly size: number;
  /** Rows at the beginning that are passed over. */
  readonly skip?: number;
}

/**
 * The rows of a file, interpreted, in chunks. Between two batches of the reader everybody else in the process has a turn: a file that
 * lies in the cache would otherwise be read to its end in one breath, and nobody would be answered meanwhile.
 */
export async function* interpretedChunks(
  path: string,
  detected: Detected,
  interpreter: Interpreter,
  { size, skip = 0, ...options }: ChunkOptions,
): AsyncGenerator<Interpreted[]> {
  let pending: Interpreted[] = [];
  let left = skip;
  let characters = 0;
  for await (const read of readRows(path, detected, options)) {
    // What is behind us is read again and not looked at: cheaper than remembering where in the file it ended.
    const rows = left >= read.length ? [] : read.slice(left);
    if (left > 0 && interpreter.isCumulative) interpreter.interpret(read.slice(0, left));
    left = Math.max(0, left - read.length);
    pending.push(...interpreter.interpret(rows));
    for (const { cells } of rows) characters += charactersOf(cells);
    await nextTurn();
    if (pending.length < size && characters < CHUNK_CHARACTERS) continue;
    yield pending;
    [pending, characters] = [[], 0];
  }
  if (pending.length > 0) yield pending;
}

/** Hands each chunk to `work`, and reads the next one meanwhile; one piece of work at a time. Stops where `work` answers false. */
export async function whileReading(
  chunks: AsyncGenerator<Interpreted[]>,
  work: (rows: readonly Interpreted[]) => Promise<boolean>,
): Promise<boolean> {
  let under: Promise<boolean> = Promise.resolve(true);
  try {
    for await (const rows of chunks) {
      if (!(await under)) return false;
      under = work(rows);
      under.catch(() => undefined); // awaited with the next chunk, or at the end
    }
    return await under;
  } finally {
    await under.catch(() => undefined);
  }
}
