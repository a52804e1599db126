import type { Row } from './row';

/** Rows that are looked at: a lunch that nobody took on the first pages is still seen, and a file of millions costs nothing. */
const MOST_ROWS = 10_000;
/** A cell here and there may hold a remark. */
const NEARLY_ALL = 0.9;

/** What is looked for in the cells of a column. */
interface CellKind {
  /** `blank` is of the kind and says nothing, as a break of 0. */
  readonly judge: (text: string) => 'alike' | 'blank' | 'other';
  /** Of the filled cells, how many are of the kind at least; nearly all without it. */
  readonly share?: number;
}

/** A column of whose `of` filled cells `alike` are of the kind that was looked for. */
interface CellColumn {
  readonly column: string;
  readonly alike: number;
  readonly of: number;
}

/** Finds the columns whose cells are of a kind, among those whose heading does not speak against it. */
export class CellColumns {
  private readonly counts: {
    readonly column: string;
    readonly place: number;
    readonly kind: CellKind;
    alike: number;
    telling: number;
    of: number;
  }[];
  private rows = 0;

  constructor(
    columns: readonly string[],
    /** Undefined for a heading that speaks against the kind. */
    kindUnder: (heading: string) => CellKind | undefined,
  ) {
    this.counts = columns.flatMap((column, place) => {
      const kind = kindUnder(column);
      return kind ? [{ column, place, kind, alike: 0, telling: 0, of: 0 }] : [];
    });
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
        const found = count.kind.judge(text);
        if (found !== 'other') count.alike += 1;
        if (found === 'alike') count.telling += 1;
      }
    }
  }

  /** Those of whose cells enough are of the kind, and in which one at least says something. */
  found(): CellColumn[] {
    return this.counts
      .filter(({ kind: { share = NEARLY_ALL }, alike, telling, of }) => telling > 0 && alike >= of * share)
      .map(({ column, alike, of }) => ({ column, alike, of }));
  }
}
