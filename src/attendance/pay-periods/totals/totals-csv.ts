import { createHash } from 'node:crypto';
import { csvLine } from '../../files/csv';
import { type EmployeeTotals, measuredMinutes, measures, minutesOf, minutesOfBuckets, type PaidBucket } from './totals';

/** The headings of totals, and the cells of a person under them. */
export const totalsHeading = [
  'periodStart',
  'periodEnd',
  'revision',
  'line',
  'employeeNumber',
  'employeeId',
  'name',
  'source',
  'rate',
  'seconds',
  'minutes',
  'date',
  'origin',
  'adjustmentId',
  'reason',
  'days',
  'approvedDays',
  ...measures.flatMap((measure) => [`${measure}Seconds`, `${measure}Minutes`]),
];

/** What the lines say of their period: only what never changes, because a closed period has to be the same bytes for ever. */
interface CsvPeriod {
  readonly startDate: string;
  readonly endDate: string;
  /** Absent for the totals of an open period, which are nobody's revision. */
  readonly revision?: number;
}

/**
 * The canonical CSV of totals: for each person a line `total`, then `bucket` by rate and source, then `adjustment`, each on a line of
 * its own. The hash of a closed period is the hash of these bytes: this form must never change, only be joined by another one.
 */
export async function* csvOf(
  period: CsvPeriod,
  chunks: AsyncIterable<readonly EmployeeTotals[]>,
): AsyncGenerator<string> {
  yield csvLine(totalsHeading);
  for await (const chunk of chunks) {
    if (chunk.length > 0)
      yield chunk.flatMap((each) => totalsRows(period, each).map((cells) => csvLine(cells))).join('');
  }
}

/** SHA-256 of texts one after the other, in hex. */
export async function csvHash(texts: AsyncIterable<string> | Iterable<string>): Promise<string> {
  const hash = createHash('sha256');
  for await (const text of texts) hash.update(text);
  return hash.digest('hex');
}

type Cells = readonly (string | number | null | undefined)[];

/** The rows of one person. */
export function totalsRows({ startDate, endDate, revision }: CsvPeriod, of: EmployeeTotals): Cells[] {
  const { totals } = of;
  const period = [startDate, endDate, revision];
  const begin = (line: string) => [...period, line, of.employeeNumber, of.employeeId, of.name];
  const amount = ({ source, rate, seconds }: PaidBucket, minutes = minutesOf(seconds)) => [
    source,
    rate,
    seconds,
    minutes,
  ];
  const ofBucket = minutesOfBuckets(totals);
  const minutes = measuredMinutes(totals);
  const sums = measures.flatMap((measure) => [totals[`${measure}Seconds`], minutes[`${measure}Minutes`]]);
  const rest = totalsHeading.slice(11).map(() => null);
  const nothing = rest.slice(0, 4);
  return [
    [...begin('total'), null, null, null, null, ...nothing, of.days, totals.approvedDays, ...sums],
    ...totals.buckets.map((bucket, index) => [...begin('bucket'), ...amount(bucket, ofBucket[index]), ...rest]),
    ...totals.adjustments.map((each) => [
      ...begin('adjustment'),
      ...amount(each),
      each.workDate,
      each.origin,
      each.id,
      each.reason,
      ...rest.slice(4),
    ]),
  ];
}
