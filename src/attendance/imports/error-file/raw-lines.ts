import type { Encoding } from '../reading/encoding';
import { chunksOf, linesOf, textOf } from '../reading/source';

interface RawLine {
  readonly line: number;
  readonly text: string;
}

/** The raw lines of a text file, for rows that could not be parsed. Reads forward only, once. */
export class RawLines {
  private readonly batches: AsyncGenerator<string[]>;
  private batch: readonly string[] = [];
  /** The line before the batch. */
  private before = 0;

  constructor(path: string, encoding: Encoding) {
    this.batches = linesOf(
      textOf(
        chunksOf(path, () => undefined),
        encoding,
      ),
    );
  }

  /** Lines from `from` to `to`, both included, without empty ones. */
  async *between(from: number, to: number): AsyncGenerator<RawLine> {
    for (let line = from; line <= to; line += 1) {
      while (line > this.before + this.batch.length) {
        const step = await this.batches.next();
        if (step.done === true) return;
        this.before += this.batch.length;
        this.batch = step.value;
      }
      const text = this.batch[line - this.before - 1] ?? '';
      if (text.trim() !== '') yield { line, text };
    }
  }

  async close(): Promise<void> {
    await this.batches.return(undefined);
  }
}
