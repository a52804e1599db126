import type { BreakColumn } from './break-columns';
import type { Encoding } from './encoding';
import type { SettingGuess } from './guess';
import type { Mapping } from './mapping';
import type { ProfileName } from './profiles';
import type { Row } from './row';
import type { TimeColumn } from './time-columns';

type FileFormat = 'csv' | 'xlsx' | 'ndjson' | 'attlog' | 'adms';
/** Files of terminals have the reader's own columns, always the same ones, and begin their dates with the year. */
export const isTerminalFile = ({ format }: { readonly format: FileFormat }) => format === 'attlog' || format === 'adms';
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/**
 * What a person should look at before the rows count.
 * `ambiguous_date_format`: no value says which number is the month, or some say one thing and some the other. `ambiguous_times`: bare numbers
 * that may be those of a clock stand beside parts of a day, or have a comma. `ambiguous_breaks`: bare numbers of breaks may be minutes or hours, or are both. `ambiguous_hours`: bare
 * numbers of hours look like parts of a day, or like hours and minutes. `direction_unreliable`: nearly all rows carry one
 * direction, as terminals do that nobody presses a key on, so the mapping leaves it out. `mapping_incomplete`: no
 * column was recognised for the employee or for the time.
 */
export type DetectionWarning =
  | 'ambiguous_date_format'
  | 'ambiguous_times'
  | 'ambiguous_breaks'
  | 'ambiguous_hours'
  | 'direction_unreliable'
  | 'mapping_incomplete';

/** What a file is, as plain data that survives JSON: the upload stores it, the person confirms it, the reader obeys it. */
export interface Detected {
  readonly format: FileFormat;
  readonly encoding: Encoding;
  /** `null` where the format has none. */
  readonly delimiter: Delimiter | null;
  readonly quote: '"' | null;
  /** The line of the headings, from 1; titles may stand above it. `null` without headings. */
  readonly headerLine: number | null;
  readonly columns: readonly string[];
  readonly profile: ProfileName | null;
  /** `punches`: one punch a row. `days`: one row for a person and a day, or for a start and an end. */
  readonly kind: 'punches' | 'days';
  /** The guess, `null` where there is none. */
  readonly mapping: Mapping | null;
  readonly warnings: readonly DetectionWarning[];
  /** Readings that could have been others; files of before there were guesses have none. */
  readonly guesses?: readonly SettingGuess[];
  /** Columns of times of day, whether they are read or not; files of before they were looked for have none. */
  readonly timeColumns?: readonly TimeColumn[];
  /** Columns of lengths of breaks, likewise. */
  readonly breakColumns?: readonly BreakColumn[];
  /** The first rows below the header, to be shown. */
  readonly sample: readonly Row[];
  readonly workbook: { readonly sheets: readonly string[]; readonly sheet: string } | null;
}

/** The mapping to begin with; `null` where a person has to say what the columns mean. */
export function mappingFor(detected: Detected): Mapping | null {
  return detected.mapping;
}
