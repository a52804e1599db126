import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from './files';
import { describeProcess, isSameProcessAlive, type ProcessName } from './processes';

const ownerFile = z.object({ pid: z.int().positive(), startedAt: z.string().optional() });

/**
 * `owner.json` names the Rollcall process that creates, starts and stops the cluster. Exactly one may: two processes that
 * initialise or start at once would destroy each other's work. Whoever comes second while the owner lives only uses
 * the server, and loses it when the owner stops; that is a convenience for commands run beside a server, not a cluster.
 */
export class Ownership {
  private readonly path: string;
  private readonly mine: ProcessName = describeProcess(process.pid);
  private held = false;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'owner.json');
  }

  /** Undefined when the claim succeeded, else the live owner. */
  claim(): ProcessName | undefined {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (this.create()) return undefined;
      const owner = this.read();
      if (owner !== undefined && isSameProcessAlive(owner)) return owner;
      this.evict(owner);
    }
    throw new Error(`Could not claim ${this.path}: other processes keep writing it.`);
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    if (this.read()?.pid === this.mine.pid) rmSync(this.path, { force: true });
  }

  /** A link appears with its content and only if the name is free, so nobody ever reads half an owner. */
  private create(): boolean {
    const draft = `${this.path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(this.mine), { mode: 0o600 });
    try {
      linkSync(draft, this.path);
      this.held = true;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    return this.held;
  }

  /** Between judging and removing, another newcomer may have put itself in place: then it is put back. */
  private evict(judged: ProcessName | undefined): void {
    const aside = `${this.path}.${process.pid}.dead`;
    try {
      renameSync(this.path, aside);
      const moved = parseOwner(aside);
      if (moved?.pid !== judged?.pid || moved?.startedAt !== judged?.startedAt) linkSync(aside, this.path);
    } catch {
      // Somebody else evicted it first; the next attempt sees who won.
    } finally {
      rmSync(aside, { force: true });
    }
  }

  private read(): ProcessName | undefined {
    return parseOwner(this.path);
  }
}

/** A file that cannot be read names nobody. */
function parseOwner(path: string): ProcessName | undefined {
  try {
    return ownerFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
