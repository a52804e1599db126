interface Waiting<Item, Result> {
  readonly item: Item;
  readonly weight: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface GroupCommitOptions<Item, Result> {
  /** Commits the items together; answers one result, or one error, for each, in order. Throws only when all failed alike. */
  commit(items: readonly Item[]): Promise<readonly (Result | Error)[]>;
  /** What an item adds to a group's size. */
  weightOf(item: Item): number;
  /** A group is closed when it weighs this much; a single heavier item makes a group of its own. */
  maxWeight: number;
  /** Groups that may be under way at once. */
  concurrency: number;
}

/**
 * Groups what arrives while something is being committed. There is no timer: an item that finds a free place leaves with
 * whatever arrived in the same turn of the event loop, so nothing waits when the server is idle; while all places are
 * taken, the next group fills.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private underWay = 0;
  private scheduled = false;

  constructor(private readonly options: GroupCommitOptions<Item, Result>) {}

  /** Resolves with the item's own result, whatever becomes of its neighbours. */
  submit(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, weight: this.options.weightOf(item), resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.underWay >= this.options.concurrency) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      while (this.waiting.length > 0 && this.underWay < this.options.concurrency) void this.commitNext();
    });
  }

  private async commitNext(): Promise<void> {
    const group = this.take();
    this.underWay++;
    try {
      const results = await this.options.commit(group.map(({ item }) => item));
      group.forEach((waiting, index) => {
        const result = results[index];
        if (result === undefined || result instanceof Error)
          waiting.reject(result ?? new Error('A group left an item unanswered'));
        else waiting.resolve(result);
      });
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    } finally {
      this.underWay--;
      if (this.waiting.length > 0) this.schedule();
    }
  }

  private take(): Waiting<Item, Result>[] {
    let weight = 0;
    let count = 0;
    for (const next of this.waiting) {
      if (count > 0 && weight + next.weight > this.options.maxWeight) break;
      weight += next.weight;
      count++;
    }
    return this.waiting.splice(0, count);
  }
}
