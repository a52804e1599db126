import { breaksIn } from './break-columns';
import { timesIn } from './time-columns';
import { columnNames, guessFields } from './columns';
import type { Detected, DetectionWarning } from './detected';
import type { Encoding } from './encoding';
import { ImportFileError } from './errors';
import { ReadingEvidence } from './evidence';
import { importMapping, type Mapping, type MappingFields } from './mapping';
import { profileOf, TERMINAL_FIELDS, TERMINAL_TYPES } from './profiles';
import type { Row } from './row';
import { commonWidth, findTable } from './table';

const SAMPLE_SHOWN = 10;
/** A terminal with fewer rows in sight may be one where nobody has gone home yet. */
const ROWS_TO_JUDGE = 20;

/** How a date is shown that nothing decides. Nothing is stored in it before somebody says so. */
const FALLBACK = 'MM/DD/YYYY';

type Container = Pick<Detected, 'format' | 'encoding' | 'delimiter' | 'quote' | 'workbook'>;

/** Describes rows of a table; `columns` where the format names them in every row and so has no header. */
export function describeTable(container: Container, sample: readonly Row[], columns?: readonly string[]): Detected {
  const table = columns ? { header: null, rows: sample } : findTable(sample);
  const width = commonWidth(sample);
  const headings = columns ?? columnNames(table.header?.cells ?? Array<string>(width).fill(''));
  if (headings.length < 2) throw new ImportFileError('not_a_table', 'The file has a single column.');
  const fields = guessFields(headings);
  const profile = profileOf(headings);
  const warnings: DetectionWarning[] = fields ? [] : ['mapping_incomplete'];
  const ignoreTexts = profile?.ignoreTexts ?? false;
  const mapping = fields ? importMapping.safeParse({ fields, ignoreTexts }).data : null;
  const evidence = new ReadingEvidence(headings, fields, container.format === 'xlsx');
  evidence.add(table.rows);
  const detected: Detected = {
    ...container,
    headerLine: table.header?.line ?? null,
    columns: headings,
    profile: profile?.name ?? null,
    kind: isDays(fields) ? 'days' : 'punches',
    mapping: mapping ?? null,
    warnings,
    guesses: [],
    sample: table.rows.slice(0, SAMPLE_SHOWN),
  };
  return judged(detected, evidence);
}

/** The description with what the rows that were looked at say about how they are to be read. */
export function judged(detected: Detected, evidence: ReadingEvidence): Detected {
  const format = evidence.dateFormat();
  const warnings: DetectionWarning[] = detected.warnings.filter((warning) => !warning.startsWith('ambiguous_'));
  if (format === null) warnings.push('ambiguous_date_format');
  if (evidence.times.isOpen()) warnings.push('ambiguous_times');
  if (evidence.breaks.isOpen()) warnings.push('ambiguous_breaks');
  if (evidence.hours.hoursUnit() !== undefined) warnings.push('ambiguous_hours');
  const { mapping } = detected;
  const marked = { timeColumns: timesIn(evidence.timeColumns), breakColumns: breaksIn(evidence.breakColumns) };
  if (!mapping) return { ...detected, warnings, guesses: [], ...marked };
  const decimalTimes = evidence.times.decimalTimes() ?? (detected.format === 'xlsx' ? 'days' : undefined);
  const breakUnit = evidence.breaks.breakUnit();
  const hoursUnit = evidence.hours.hoursUnit();
  return {
    ...detected,
    warnings,
    guesses: evidence.guesses(FALLBACK),
    ...marked,
    mapping: {
      ...mapping,
      dateFormat: evidence.shownAs(FALLBACK),
      ...(decimalTimes === undefined ? {} : { decimalTimes }),
      ...(breakUnit === undefined ? {} : { breakUnit }),
      ...(hoursUnit === undefined ? {} : { hoursUnit }),
    },
  };
}

/** Describes a file of a terminal; its columns are always the same. */
export function describeTerminal(
  format: 'attlog' | 'adms',
  encoding: Encoding,
  columns: readonly string[],
  rows: readonly Row[],
): Detected {
  const isUnreliable = hasOneDirection(rows.map(({ cells }) => cells[columns.indexOf('state')] ?? ''));
  const { type: _state, ...withoutType } = TERMINAL_FIELDS;
  const mapping: Mapping = {
    fields: isUnreliable ? withoutType : TERMINAL_FIELDS,
    types: TERMINAL_TYPES,
    dateFormat: 'YYYY-MM-DD',
    ignoreTexts: false,
  };
  return {
    format,
    encoding,
    delimiter: '\t',
    quote: null,
    headerLine: null,
    columns,
    profile: format === 'adms' ? 'zkteco-adms' : 'zkteco-attlog',
    kind: 'punches',
    mapping,
    warnings: isUnreliable ? ['direction_unreliable'] : [],
    guesses: [],
    sample: rows.slice(0, SAMPLE_SHOWN),
    workbook: null,
  };
}

function isDays(fields: MappingFields | null): boolean {
  return fields?.in !== undefined || fields?.out !== undefined || fields?.hours !== undefined;
}

/** A measured file had 550 of 560 rows in one state: people do not press the key, and a wrong IN is worse than none. */
function hasOneDirection(states: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return states.length >= ROWS_TO_JUDGE && Math.max(...counts.values()) > 0.9 * states.length;
}
