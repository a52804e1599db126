import type { BatchOptions } from '../batches/import-batch';
import type { Interpreted } from '../reading/draft';
import { wholeDays } from './whole-days';

/** How the rows of one file are loaded. One for each file: a preview may write nothing, so it remembers here what it has read. */
export class ImportStrategy {
  /** Days that earlier chunks of a preview reported: `person date`. A batch stores them in the database. */
  readonly reportedDays = new Set<string>();
  readonly kind: BatchOptions['kind'];
  readonly overrides: boolean;

  constructor({ kind, mode }: Pick<BatchOptions, 'kind' | 'mode'>) {
    this.kind = kind;
    this.overrides = mode === 'override';
  }

  /** Whether rows are inserted without comparing them with existing punches, except for duplicates. */
  get isInsertOnly(): boolean {
    return this.kind === 'punches' && !this.overrides;
  }

  /** Days are compared as a whole, so their chunks end between two dates. */
  cutChunks(chunks: AsyncGenerator<Interpreted[]>): AsyncGenerator<Interpreted[]> {
    return this.kind === 'days' ? wholeDays(chunks) : chunks;
  }
}
