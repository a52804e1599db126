/** The part of a statement that is counted by. */
interface Named {
  readonly name: string;
  readonly text: string;
}

/** One execution that is remembered. `endedAt` is of performance.now(), `ms` in milliseconds. */
export interface Execution {
  readonly tally: StatementTally;
  readonly ms: number;
  readonly endedAt: number;
}

/** Statements by name that are told apart: as many as the product has, and as the mapper may name. */
const MOST_STATEMENTS = 1000;
const LAST = 20;
const SLOW = 1000;
/** Four to a factor of two, from 2^-5 ms on: a quantile is at most a fifth too high. The last one takes what is longer than two minutes. */
const BUCKETS = 88;
const STEPS = 4;
const LEAST = 5;

/** What the executions of one statement took, in milliseconds: counts and sums, never a parameter. */
export class StatementTally {
  count = 0;
  totalMs = 0;
  maxMs = 0;
  minMs = Infinity;
  slow = 0;
  private readonly buckets = new Uint32Array(BUCKETS);

  constructor(readonly statement: Named) {}

  add(ms: number): void {
    this.count++;
    this.totalMs += ms;
    if (ms > this.maxMs) this.maxMs = ms;
    if (ms < this.minMs) this.minMs = ms;
    const bucket = Math.max(0, Math.min(BUCKETS - 1, Math.ceil((Math.log2(ms) + LEAST) * STEPS)));
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
  }

  /** The bound of the bucket in which a share of the executions ends, in milliseconds; never above the longest one. */
  quantileMs(share: number): number {
    let left = Math.ceil(this.count * share);
    const bucket = this.buckets.findIndex((count) => (left -= count) <= 0);
    return bucket < 0 || bucket === BUCKETS - 1 ? this.maxMs : Math.min(this.maxMs, 2 ** (bucket / STEPS - LEAST));
  }
}

/** The last executions: a place is written over when the ring has gone round. */
class Ring {
  private readonly places: Execution[] = [];
  private next = 0;

  constructor(private readonly size: number) {}

  add(execution: Execution): void {
    this.places[this.next] = execution;
    this.next = (this.next + 1) % this.size;
  }

  /** The newest first. */
  list(): Execution[] {
    return [...this.places.slice(this.next), ...this.places.slice(0, this.next)].reverse();
  }
}

/**
 * What every statement of this process took, measured at the driver: from sending to the last row, the wait for statements before it in the
 * same exchange included. Bounded whatever happens: a tally for each name, the last executions, the last slow ones.
 */
export class StatementStatistics {
  /** An execution that takes as long is slow; set where the pool is made. */
  slowMs = 100;
  readonly since = new Date();
  readonly all = new StatementTally({ name: '', text: '' });
  private readonly byName = new Map<string, StatementTally>();
  private readonly others = new StatementTally({ name: '', text: '(statements beyond those that are told apart)' });
  private readonly recent = new Ring(LAST);
  private readonly slow = new Ring(SLOW);

  /** Counts one execution. On the path of every statement. */
  add(statement: Named, ms: number, endedAt: number): void {
    const tally = this.byName.get(statement.name) ?? this.tallyOf(statement);
    tally.add(ms);
    this.all.add(ms);
    const execution = { tally, ms, endedAt };
    this.recent.add(execution);
    if (ms < this.slowMs) return;
    tally.slow++;
    this.all.slow++;
    this.slow.add(execution);
  }

  tallies(): StatementTally[] {
    return [...this.byName.values(), ...(this.others.count > 0 ? [this.others] : [])];
  }

  /** The last twenty executions, the newest first. */
  last(): Execution[] {
    return this.recent.list();
  }

  /** The last thousand slow executions, the slowest first. */
  slowest(): Execution[] {
    return this.slow.list().sort((a, b) => b.ms - a.ms);
  }

  /** A name stands for one text; what has no name is sent once, with a text of its own each time. */
  private tallyOf(statement: Named): StatementTally {
    if (statement.name === '' || this.byName.size >= MOST_STATEMENTS) return this.others;
    const tally = new StatementTally({ name: statement.name, text: statement.text });
    this.byName.set(statement.name, tally);
    return tally;
  }
}
