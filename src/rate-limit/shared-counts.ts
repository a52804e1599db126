/** What is counted for one key: `amount` requests more, or fewer where it is negative, with `perSecond` of them coming back. */
export interface Count {
  /** A hash: no address and no person is stored. */
  readonly key: string;
  readonly amount: number;
  /** Up to here they are granted, in whole requests; below 1 more than that, none is. */
  readonly most: number;
  readonly perSecond: number;
}

/** What a key has used after the counting, and how much of the amount was granted: all of a negative one. */
export interface Counted {
  readonly used: number;
  readonly granted: number;
}

/** Where all replicas count together. */
export interface SharedCounts {
  /** Counts for many keys, each named once, in one exchange. Answers by key. Rejects where the counts cannot be reached. */
  count(counts: readonly Count[]): Promise<ReadonlyMap<string, Counted>>;
}

export const SHARED_COUNTS = Symbol('SHARED_COUNTS');
