import { breakHeading, BREAKS } from './break-headings';
import { headingWords, isEdge } from './length-headings';
import { breakSeconds } from './numbers';
import type { Row } from './row';

/** A column whose cells are lengths of breaks: `lengths` of the `of` that are filled. */
export interface BreakColumn {
  readonly column: string;
  readonly lengths: number;
  readonly of: number;
}

const MOST_ROWS = 10_000;
const NEARLY_ALL = 0.9;
const breaks: ReadonlySet<string> = new Set(BREAKS);
/** `Kaffeepause`, `Pausenabzug`, `午前休憩`. */
const IN_A_WORD = /^(?:pause|break|lunch|mittag)|(?:pausen?|breaks?|lunch)$|休息|休憩|午休|휴게|휴식/u;
/** What is not deducted, and what is counted or paid and not measured. */
const NO_LENGTH =
  /^(?:paid|bezahlt\p{L}*|number|count|anzahl|no|nr|id|code|type|typ|name|flag|cost|costs|price|amount|allowance|voucher|fee|kosten|betrag|zuschuss|remark|note|notes|taken)$|天|日|次数|回数/u;

/** Whether a heading is that of a break, whatever else it says: `Break 2`, `Pause Vormittag`, `Coffee break`. */
function isOfBreak(heading: string): boolean {
  if (breakHeading(heading) !== undefined) return true;
  const found = headingWords(heading).filter((word) => !/^\p{N}+$/u.test(word));
  if (found.some((word) => NO_LENGTH.test(word)) || isEdge(found[0]) || isEdge(found.at(-1))) return false;
  return found.some((word) => breaks.has(word) || IN_A_WORD.test(word));
}

/** Finds the columns of lengths of breaks, of which a mapping reads one. */
export class BreakColumns {
  private readonly counts: {
    readonly column: string;
    readonly place: number;
    lengths: number;
    some: number;
    of: number;
  }[];
  private rows = 0;

  constructor(columns: readonly string[]) {
    this.counts = columns
      .map((column, place) => ({ column, place, lengths: 0, some: 0, of: 0 }))
      .filter(({ column }) => isOfBreak(column));
  }

  add(rows: readonly Row[]): void {
    if (this.counts.length === 0) return;
    for (const { cells, fault } of rows) {
      if (fault !== undefined) continue;
      if (this.rows++ >= MOST_ROWS) return;
      for (const count of this.counts) {
        const text = (cells[count.place] ?? '').trim();
        if (text === '') continue;
        count.of += 1;
        const seconds = breakSeconds(text);
        if (!Number.isNaN(seconds)) count.lengths += 1;
        if (seconds > 0) count.some += 1;
      }
    }
  }

  /** Without those in which nobody had a break. */
  found(): BreakColumn[] {
    return this.counts
      .filter(({ lengths, some, of }) => some > 0 && lengths >= of * NEARLY_ALL)
      .map(({ column, lengths, of }) => ({ column, lengths, of }));
  }
}
