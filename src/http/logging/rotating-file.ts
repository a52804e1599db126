import { closeSync, existsSync, fchmodSync, fstatSync, mkdirSync, openSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { DestinationStream } from 'pino';
import { type Blocks, openBlocks } from './blocks';

interface RotationOptions {
  /** No file is larger than this, in bytes, unless a single line is. */
  readonly maxBytes: number;
  /** How many there are, the one that is being written included: `x.log`, `x.log.1` … */
  readonly files: number;
}

/**
 * A log file under exactly the name that was asked for, readable by its owner alone: a log holds who did what and when. Rotated by size, as
 * logrotate does it, where lines are counted and not after the fact. Throws when it cannot be opened; what happens to it later is
 * said once on standard error and holds nobody up.
 */
export class RotatingFile implements DestinationStream {
  private target: Blocks;
  private readonly closing = new Set<Blocks>();
  private size = 0;
  private complained = false;

  constructor(
    private readonly file: string,
    private readonly rotation: RotationOptions,
  ) {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    this.target = this.open();
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.size > 0 && this.size + bytes > this.rotation.maxBytes) this.rotate();
    this.size += bytes;
    this.target.write(line);
  }

  /** Whatever waits is in the file when this returns: for the end of the process. */
  flushSync(): void {
    for (const target of this.closing) {
      try {
        target.flushSync();
      } catch {
        // It has written all that it was given, and is only closing its file.
      }
    }
    try {
      this.target.flushSync();
    } catch (error) {
      this.complain(error);
    }
  }

  private rotate(): void {
    const full = this.target;
    try {
      for (let n = this.rotation.files - 1; n > 0; n--)
        if (existsSync(this.name(n - 1))) renameSync(this.name(n - 1), this.name(n));
      this.target = this.open();
    } catch (error) {
      this.complain(error);
      return;
    }
    // It goes on writing what it was given, to the file that has another name by now.
    this.closing.add(full);
    full.once('close', () => this.closing.delete(full));
    full.end();
  }

  private open(): Blocks {
    const fd = openSync(this.file, 'a', 0o600);
    try {
      fchmodSync(fd, 0o600); // one that was there before
      this.size = fstatSync(fd).size;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return openBlocks(fd, (error) => {
      this.complain(error);
    });
  }

  private name(n: number): string {
    return n === 0 ? this.file : `${this.file}.${n}`;
  }

  private complain(error: unknown): void {
    if (this.complained) return;
    this.complained = true;
    process.stderr.write(`${this.file} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
