import { clockReader } from './clock';
import type { Row } from './row';

/** A column whose cells are times of day: `times` of the `of` that are filled. */
export interface TimeColumn {
  readonly column: string;
  readonly times: number;
  readonly of: number;
}

/** Rows that are looked at: a lunch that nobody took on the first pages is still seen, and a file of millions costs nothing. */
const MOST_ROWS = 10_000;
/** A cell here and there may hold a remark. */
const NEARLY_ALL = 0.9;
/** `08:30`, `8h30`, `5:00 pm`; a bare number may be an amount. */
const LOOKS_LIKE_TIME = /^\D{0,12}\d{1,2}(?:[:：]| ?h ?)[0-5]\d(?!\d)/iu;
/** What is written like a time of day and is a length: nobody came or went then. */
const LENGTH =
  /durat|dauer|duree|duracion|tiempo|total|summ|sum$|hours|hrs|stunden|std|heures|horas|ore$|uren|overtime|extra|worked|netto|brutto|regular|late|verspat|early|absen|balance|saldo|soll$|ist$|工时|时长|時間数|時長/;
/** The times of a plan: `On duty`, `Shift Start`, `Soll-Beginn`. They say when somebody should have been there, not when somebody was. */
const PLAN =
  /plan|schedul|shift|duty|roster|timetable|expected|^soll|schicht|previst|prevu|turno|rooster|grafik|シフト|予定|排班|班次/;

/** Finds the columns of times of day, whatever they are called. */
export class TimeColumns {
  private readonly counts: { readonly column: string; readonly place: number; times: number; of: number }[];
  private readonly clock = clockReader(undefined);
  private rows = 0;

  /** `keyOf`: a heading without accents, spaces and marks. */
  constructor(columns: readonly string[], keyOf: (column: string) => string) {
    this.counts = columns
      .map((column, place) => ({ column, place, times: 0, of: 0 }))
      .filter(({ column }) => !LENGTH.test(keyOf(column)) && !PLAN.test(keyOf(column)));
  }

  add(rows: readonly Row[]): void {
    for (const { cells, fault } of rows) {
      if (fault !== undefined) continue;
      if (this.rows++ >= MOST_ROWS) return;
      for (const count of this.counts) {
        const text = (cells[count.place] ?? '').trim();
        if (text === '') continue;
        count.of += 1;
        if (LOOKS_LIKE_TIME.test(text) && text.length < 24 && !Number.isNaN(this.clock(text))) count.times += 1;
      }
    }
  }

  found(): TimeColumn[] {
    return this.counts
      .filter(({ times, of }) => times > 0 && times >= of * NEARLY_ALL)
      .map(({ column, times, of }) => ({ column, times, of }));
  }
}
