import { on } from 'node:events';
import { isNativeError } from 'node:util/types';
import { Worker } from 'node:worker_threads';
import { ImportFileError } from '../errors';
import type { SheetFacts, SheetMessage, SheetPiece, SheetRequest } from './sheet-worker';
import { takePlace } from './sheet-places';
import type { WorkbookLimits } from './workbook';
import { workerFile } from './worker-file';

/** Texts may have 200 MB, and what V8 needs to collect what was read comes on top. */
const MEMORY_MB = 512;
/** The bounds of a workbook are reached in less than half of it; a machine may be busy. */
const LONGEST_SILENCE_MS = 60_000;
/** Messages under way, so that the thread unpacks while the rows before are worked on. */
const AHEAD = 2;

export interface SheetOptions {
  /** The first sheet without a name. */
  readonly sheet?: string | undefined;
  readonly limits?: WorkbookLimits | undefined;
  /** Of the thread's heap, in megabytes. */
  readonly memoryMb?: number | undefined;
}

/** A sheet under way. `pieces` ends the thread when it ends or is left; who reads none of them calls `close`. */
interface SheetReading {
  readonly facts: SheetFacts;
  readonly pieces: AsyncGenerator<SheetPiece>;
  readonly close: () => Promise<void>;
}

/**
 * Reads a sheet in a thread of its own with a memory of its own: whatever a workbook has been made to do, it does it to that thread.
 * Throws ImportFileError, workbook_too_large also where memory or time run out, and 503 `overloaded`.
 */
export async function readSheet(path: string, { sheet, limits, memoryMb }: SheetOptions): Promise<SheetReading> {
  const giveBack = await takePlace();
  const request: SheetRequest = { path, sheet, limits };
  const thread = new Worker(workerFile, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb ?? MEMORY_MB },
  });
  const messages = on(thread, 'message', { close: ['exit'] }) as AsyncIterator<[SheetMessage], undefined>;
  const close = async () => {
    await thread.terminate();
    giveBack();
  };
  for (let n = 0; n < AHEAD; n += 1) thread.postMessage('next');
  const next = async () => {
    const message = await within(messages.next());
    thread.postMessage('next');
    return message;
  };
  try {
    const facts = await next();
    if (facts.is !== 'facts') throw new Error(`A workbook began with ${facts.is}`);
    return { facts, pieces: piecesOf(next, close), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* piecesOf(next: () => Promise<SheetMessage>, close: () => Promise<void>): AsyncGenerator<SheetPiece> {
  try {
    for (let message = await next(); message.is === 'piece'; message = await next()) yield message;
  } finally {
    await close();
  }
}

/** The next message, unless it is a refusal, or does not come. */
async function within(step: Promise<IteratorResult<[SheetMessage], undefined>>): Promise<SheetMessage> {
  let silence: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => {
    silence = setTimeout(() => {
      reject(new ImportFileError('workbook_too_large', 'Reading it takes more than a minute.'));
    }, LONGEST_SILENCE_MS);
  });
  try {
    const { value } = await Promise.race([step, tooSlow]);
    if (!value) throw new Error('The thread that reads a workbook ended without a word');
    const [message] = value;
    if (message.is === 'refused') throw new ImportFileError(message.code, undefined, message.detail);
    return message;
  } catch (error) {
    if (isNativeError(error) && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw new ImportFileError('workbook_too_large', 'Reading it takes more memory than a workbook may have.');
    throw error;
  } finally {
    clearTimeout(silence);
  }
}
