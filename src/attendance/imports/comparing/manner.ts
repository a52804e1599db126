import type { BatchOptions } from '../batches/import-batch';
import type { Interpreted } from '../reading/draft';
import { wholeDays } from './whole-days';

/** How the rows of one file are taken. Made once for a file, and remembers of it what no transaction may write down in a preview. */
export class Manner {
  /** Days that were told of, where the database does not keep them: `person date`. */
  readonly told = new Set<string>();
  readonly kind: BatchOptions['kind'];
  readonly overrides: boolean;

  constructor({ kind, mode }: Pick<BatchOptions, 'kind' | 'mode'>) {
    this.kind = kind;
    this.overrides = mode === 'override';
  }

  /** Whether rows can be stored without looking at what stands, but for what is the same. */
  get isPlain(): boolean {
    return this.kind === 'punches' && !this.overrides;
  }

  /** Days are compared whole, so chunks of them end between two dates. */
  cut(chunks: AsyncGenerator<Interpreted[]>): AsyncGenerator<Interpreted[]> {
    return this.kind === 'days' ? wholeDays(chunks) : chunks;
  }
}
