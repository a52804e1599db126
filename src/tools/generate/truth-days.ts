import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { localText } from '../../attendance/imports/reading/local-time';
import type { DayTruth } from './options';

/**
 * A truth with the days of everybody, one on each line, written as they are generated. Days come whole: where a file ends after so many
 * rows, its last day may go on here.
 */
export class TruthDays {
  private readonly stream: WriteStream;
  private readonly ended: Promise<void>;
  private separator = '{"days":[\n';

  constructor(file: string) {
    this.stream = createWriteStream(file);
    this.ended = finished(this.stream);
    this.ended.catch(() => undefined); // awaited in drained() and end()
  }

  add({ punches, ...day }: DayTruth): void {
    const told = punches.map(({ type, local }) => ({ type, local: localText(local) }));
    this.stream.write(`${this.separator}${JSON.stringify({ ...day, punches: told })}`);
    this.separator = ',\n';
  }

  /** Waits until what was added has been taken. Throws what writing failed with. */
  async drained(): Promise<void> {
    if (this.stream.errored) await this.ended;
    if (this.stream.writableNeedDrain) await Promise.race([once(this.stream, 'drain'), this.ended]);
  }

  async end(rest: object): Promise<void> {
    const none = this.separator === ',\n' ? '' : this.separator;
    this.stream.end(`${none}\n],${JSON.stringify(rest).slice(1)}\n`);
    await this.ended;
  }
}
