import type { Readable } from 'node:stream';
import { ImportFileError } from '../errors';
import { boundCount } from './bounds';
import type { Sheet } from './workbook';

const LIST = 'mergeCells';
const RANGE = /mergeCell [^<>]{0,200}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g;
/** Characters of one range, the prefix of its name and what else a program may write into it. */
const LONGEST_RANGE = 500;

/** A cell that reaches down over rows: `column` from 0, rows as Excel shows them. */
interface MergedCell {
  readonly column: number;
  readonly to: number;
}

/**
 * The cells of a sheet that reach over several rows, by the row that they begin in. Their list stands behind all rows, so the part is unpacked once more
 * for it; what is merged within one row says nothing about others. Throws workbook_too_large.
 */
export async function mergedCells(sheet: Sheet): Promise<ReadonlyMap<number, readonly MergedCell[]>> {
  const merged = new Map<number, MergedCell[]>();
  const stream = await sheet.open();
  try {
    let count = 0;
    for await (const [column, from, to] of rangesIn(stream)) {
      boundCount('merged cells', (count += 1));
      if (to <= from) continue;
      const others = merged.get(from);
      if (others) others.push({ column, to });
      else merged.set(from, [{ column, to }]);
    }
  } catch (error) {
    if (error instanceof ImportFileError) throw error;
    throw new ImportFileError('truncated');
  } finally {
    stream.destroy();
  }
  return merged;
}

async function* rangesIn(stream: Readable): AsyncGenerator<readonly [column: number, from: number, to: number]> {
  let isList = false;
  let rest = '';
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    const text = rest + chunk.toString('latin1');
    isList ||= text.includes(LIST);
    let read = 0;
    for (const { 0: all, 1: column = '', 2: from, 4: to, index } of isList ? text.matchAll(RANGE) : []) {
      read = index + all.length;
      yield [columnIndex(column), Number(from), Number(to)];
    }
    rest = text.slice(Math.max(read, text.length - LONGEST_RANGE));
  }
}

/** `AB12` is in column 27, counted from 0. */
export function columnIndex(reference: string): number {
  let index = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at);
    if (code < 65 || code > 90) break;
    index = index * 26 + code - 64;
  }
  return index - 1;
}

/** Writes the value of a merged cell into the rows that it reaches over, and says which cells those are. Fed with the rows in their order. */
export class MergedRows {
  private readonly under = new Map<number, { readonly to: number; readonly value: string }>();

  constructor(private readonly merged: ReadonlyMap<number, readonly MergedCell[]>) {}

  /** The columns that were filled; `cells` is changed. */
  fill(line: number, cells: string[]): number[] {
    const filled: number[] = [];
    for (const [column, { to, value }] of this.under) {
      if (line > to) this.under.delete(column);
      else if ((cells[column] ?? '') === '' && value !== '') {
        while (cells.length < column) cells.push('');
        cells[column] = value;
        filled.push(column);
      }
    }
    for (const { column, to } of this.merged.get(line) ?? [])
      this.under.set(column, { to, value: cells[column] ?? '' });
    return filled;
  }
}
