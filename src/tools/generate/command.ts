import { z } from 'zod';
import { MAX_SHEET_ROWS } from '../../attendance/files/xlsx/workbook';
import { isDate } from '../../attendance/rules/time/calendar';
import { zoneNamed } from '../../attendance/rules/time/zone';
import { isWorkbook } from './file';
import { type GenerateOptions, SHAPES } from './options';

/** Names that people use for the shapes. */
const ALIASES: Readonly<Record<string, string>> = {
  csv: 'plain-punches',
  'csv-long': 'plain-punches',
  'csv-days': 'plain-days',
  'csv-wide': 'plain-days',
  dingtalk: 'dingtalk-daily',
  xlsx: 'xlsx-punches',
  'attlog.dat': 'attlog',
};

/** What the command takes, as parseArgs wants it; those of other commands that it shares (`from`, `out`, `tenant`) are not here. */
export const generateFlags = {
  shape: { type: 'string' },
  seed: { type: 'string' },
  people: { type: 'string' },
  days: { type: 'string' },
  rows: { type: 'string' },
  faults: { type: 'string' },
  site: { type: 'string' },
  'time-zone': { type: 'string' },
  truth: { type: 'string' },
  'truth-days': { type: 'boolean' },
  'people-file': { type: 'string' },
} as const;

export const generateUsage = `  generate --shape S --out FILE [--seed N] [--people N] [--days N | --rows N] [--from D] [--time-zone Z] [--faults 0.01]
           [--site good|bad] [--truth FILE [--truth-days]] [--people-file FILE] [--tenant T]
                          write a file of invented punches to import; --truth says what is in it, --people-file whom it
                          names, and --tenant makes those people. S: ${SHAPES.join(', ')}
`;

const count = (most: number) => z.coerce.number().int().min(1).max(most);
const flags = z.object({
  shape: z
    .string()
    .transform((name) => ALIASES[name] ?? name)
    .pipe(z.enum(SHAPES, { error: `is one of ${[...SHAPES, ...Object.keys(ALIASES)].join(', ')}` })),
  seed: z.coerce.number().int().min(0).default(1),
  people: count(1_000_000).optional(),
  days: count(36_500).optional(),
  rows: count(100_000_000).optional(),
  from: z.string().refine(isDate, 'is a date such as 2026-01-01').default('2026-01-01'),
  'time-zone': z.string().refine(isZone, 'is an IANA time zone such as Europe/Berlin').default('UTC'),
  faults: z.coerce.number().min(0).max(1).default(0.01),
  site: z.enum(['good', 'bad']).default('good'),
});

/** What is wrong with the flags, in one sentence for each. */
export class FlagError extends Error {}

/** A hundred people for thirty days, or as many as `rows` needs at a hundred rows each. Throws FlagError. */
export function optionsOf(values: Readonly<Record<string, unknown>>): GenerateOptions {
  const read = flags.safeParse(values);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`);
    throw new FlagError(`${faults.join('\n')}\n`);
  }
  const { shape, seed, rows, from, 'time-zone': timeZone, faults, site } = read.data;
  const people = read.data.people ?? (rows === undefined ? 100 : Math.max(10, Math.ceil(rows / 100)));
  // Every person has a row a day at least, so that many days are enough; the file ends where its rows do.
  const days = read.data.days ?? (rows === undefined ? 30 : Math.ceil(rows / people));
  const maxRows = isWorkbook(shape) ? Math.min(rows ?? MAX_SHEET_ROWS, MAX_SHEET_ROWS) : rows;
  return { shape, seed, people, days, from, timeZone, faults, site, ...(maxRows === undefined ? {} : { maxRows }) };
}

function isZone(name: string): boolean {
  try {
    zoneNamed(name);
    return true;
  } catch {
    return false;
  }
}
