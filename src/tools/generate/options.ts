import type { RowErrorCode } from '../../attendance/imports/reading/draft';
import type { DraftType } from '../../attendance/imports/reading/mapping';

export const SHAPES = [
  'plain-punches',
  'plain-days',
  'dingtalk-daily',
  'attlog',
  'attlog-5',
  'adms',
  'ndjson',
  'xlsx-punches',
  'xlsx-days',
  'clockify',
  'toggl',
] as const;
/** `attlog` has six columns, `attlog-5` no work code; a workbook has the plain columns. */
export type Shape = (typeof SHAPES)[number];

/** A fault that the reader names, or one that only those who know the people and the earlier rows can see. */
export type FaultKind = RowErrorCode | 'unknown_person' | 'duplicate';

export interface GenerateOptions {
  readonly shape: Shape;
  /** The same seed gives the same file. */
  readonly seed: number;
  readonly people: number;
  readonly days: number;
  /** `2026-01-01`. */
  readonly from: string;
  readonly timeZone: string;
  /** Share of rows that are faulty, 0.01 by default; they are added to the good ones and take none away. */
  readonly faults?: number;
  /** At a bad one 73 % of the days have a single punch, as measured; at a good one 3 %, as assumed. */
  readonly site?: 'good' | 'bad';
  /** The number of the person with that index from 0; six digits with leading zeros by default. */
  readonly employeeNumber?: (index: number) => string;
  /** Stops after so many rows. */
  readonly maxRows?: number;
  /** Told each day of each person as it is written; kept by the caller if at all, because a million do not fit. */
  readonly onDay?: (day: DayTruth) => void;
}

export interface PunchTruth {
  readonly type: DraftType;
  /** Wall-clock seconds since 1970-01-01T00:00. */
  readonly local: number;
}

/** What one person did on one day, in order, double taps included. */
export interface DayTruth {
  readonly employeeNumber: string;
  /** `2026-01-05`, the day of the first punch. */
  readonly date: string;
  readonly punches: readonly PunchTruth[];
  readonly breakMinutes: number;
}

/** Grows while the text is taken and is complete when it ends. */
export interface Truth {
  readonly seed: number;
  /** Rows below the header, faulty ones included. */
  rows: number;
  /** Punches of people who exist, each once. */
  punches: number;
  /** Punches that a reader without knowledge of people finds: those, the duplicates and those of unknown people. */
  readablePunches: number;
  /** Rows by fault. */
  readonly faults: Partial<Record<FaultKind, number>>;
}
