import pino from 'pino';

export type Blocks = ReturnType<typeof pino.destination>;

/** Lines are written in blocks of this size, and this often (milliseconds) at the latest. */
const BLOCK_BYTES = 8192;
const LONGEST_WAIT_MS = 100;
/** What nobody takes is kept up to here, in bytes; further lines are dropped, and not the memory of the process filled with them. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** How long the end of a process waits for its last lines, in milliseconds. */
const LAST_WAIT_MS = 1000;

const open = new Set<Blocks>();
/**
 * Writes lines to a descriptor in blocks, because a system call for each costs as much as a punch, and asynchronously, because a slow
 * terminal or a full pipe must not hold up the people at the kiosks. A failed write is told, and tried again with the next block.
 */
export function openBlocks(fd: number, failed: (error: unknown) => void): Blocks {
  const blocks = pino.destination({
    fd,
    sync: false,
    minLength: BLOCK_BYTES,
    maxLength: KEPT_BYTES,
    periodicFlush: LONGEST_WAIT_MS,
  });
  open.add(blocks);
  // At the exit of the process, pino writes what waits in a loop that no signal interrupts and that ends when all is taken. So what was
  // refused last (a terminal that was closed, a full disk) is not tried again there, unless a write has succeeded since.
  const flushSync = blocks.flushSync.bind(blocks);
  blocks.on('error', (error: unknown) => {
    blocks.flushSync = () => undefined;
    failed(error);
  });
  blocks.on('write', () => {
    blocks.flushSync = flushSync;
  });
  blocks.on('close', () => open.delete(blocks));
  return blocks;
}

/** Before a process ends: until all lines so far have been taken or refused, a second at most. */
export async function linesWritten(): Promise<void> {
  const bound = new Promise<void>((resolve) => setTimeout(resolve, LAST_WAIT_MS).unref());
  const all = [...open].map(
    (blocks) =>
      new Promise<void>((resolve) => {
        blocks.flush(() => {
          resolve();
        });
      }),
  );
  await Promise.race([Promise.all(all), bound]);
}
