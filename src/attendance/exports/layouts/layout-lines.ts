import {
  type EmployeeTotals,
  minutesOf,
  minutesOfBuckets,
  type PaidAdjustment,
  type PaidBucket,
} from '../../pay-periods/totals/totals';
import type { LayoutBody, LayoutValue } from './layout.schemas';

/** The closed period that a file is of. */
interface PaidPeriod {
  readonly startDate: string;
  readonly endDate: string;
  readonly revision: number;
}

/** Why somebody's hours would not be in the file. */
export interface LayoutGap {
  readonly pointer: string;
  readonly code: 'pay_code_missing' | 'employee_number_missing';
  readonly detail: string;
}

/** Minutes of one kind, of everybody, that are no part of the file, because the layout has a code of null for them. */
export interface LeftOut {
  readonly line: 'total' | 'adjustment';
  readonly source: string;
  readonly rate: number;
  /** Of adjustments, signed. */
  readonly minutes: number;
}

interface Line {
  readonly line: 'total' | 'adjustment';
  readonly payCode: string;
  readonly seconds: number;
  /** Absent where buckets of several rates add up. */
  readonly rate?: number;
  readonly date?: string;
  readonly reason?: string;
}

/** The cells of one person: a line for each pay code, then each adjustment on a line of its own. Lines of nothing are left out. */
export function layoutRows(layout: LayoutBody, period: PaidPeriod, of: EmployeeTotals): string[][] {
  return linesOf(layout, of).map((line) =>
    layout.columns.map(({ value, text }) => cell(layout, period, of, line, value, text)),
  );
}

/** What of a person's pay the layout has no place for. */
export function layoutGaps(
  layout: LayoutBody,
  { employeeId, employeeNumber, name, totals }: EmployeeTotals,
): LayoutGap[] {
  const gaps: LayoutGap[] = [];
  const paid = [...bucketsOf(totals), ...totals.adjustments].filter(({ seconds }) => seconds !== 0);
  for (const { source, rate } of paid) {
    if (payCodeOf(layout, source, rate) !== undefined) continue;
    const detail = `has no code for ${source} at ${rate}; add one, or a code of null to leave these hours out`;
    gaps.push({ pointer: '/payCodes', code: 'pay_code_missing', detail });
  }
  const needsNumber = layout.columns.some(({ value }) => value === 'employeeNumber');
  if (needsNumber && employeeNumber === null && paid.length > 0) {
    const detail = `${name} (${employeeId}) has no employee number; the file would not say whose hours these are`;
    gaps.push({ pointer: '/columns', code: 'employee_number_missing', detail });
  }
  return gaps;
}

/** What of a person's pay the layout leaves out on purpose. */
export function leftOutOf(layout: LayoutBody, { totals }: EmployeeTotals): LeftOut[] {
  const isLeftOut = ({ source, rate, minutes }: Omit<LeftOut, 'line'>) =>
    minutes !== 0 && payCodeOf(layout, source, rate) === null;
  const minutes = minutesOfBuckets(totals);
  const buckets = bucketsOf(totals).map(({ source, rate, seconds }, index) => {
    return { line: 'total' as const, source, rate, minutes: minutes[index] ?? minutesOf(seconds) };
  });
  const adjustments = totals.adjustments.map(({ source, rate, seconds }) => {
    return { line: 'adjustment' as const, source, rate, minutes: minutesOf(seconds) };
  });
  return [...buckets, ...adjustments].filter(isLeftOut);
}

function linesOf(layout: LayoutBody, { totals }: EmployeeTotals): Line[] {
  const sums = new Map<string, { seconds: number; rates: Set<number> }>();
  // A file in minutes pays those that the totals show, bucket by bucket; one in hours rounds the seconds of each line.
  const inMinutes = layout.amount.unit !== 'hours' && totals.minutesAddUp === true;
  const minutes = minutesOfBuckets(totals);
  for (const [index, { source, rate, seconds }] of bucketsOf(totals).entries()) {
    const payCode = payCodeOf(layout, source, rate);
    if (payCode === null || payCode === undefined || seconds === 0) continue;
    const sum = sums.get(payCode) ?? { seconds: 0, rates: new Set() };
    const shown = minutes[index];
    sum.seconds += inMinutes && shown !== undefined ? shown * 60 : seconds;
    sum.rates.add(rate);
    sums.set(payCode, sum);
  }
  // In the order of the layout: buckets are frozen in one that no payroll clerk expects.
  const codes = [...new Set(layout.payCodes.map(({ code }) => code))];
  const lines = codes.flatMap((payCode): Line[] => {
    const sum = payCode === null ? undefined : sums.get(payCode);
    if (payCode === null || !sum) return [];
    const { seconds, rates } = sum;
    const [rate] = rates;
    return [{ line: 'total', payCode, seconds, ...(rates.size === 1 && rate !== undefined ? { rate } : {}) }];
  });
  return [...lines, ...totals.adjustments.flatMap((each) => adjusted(layout, each))];
}

function adjusted(layout: LayoutBody, { source, rate, seconds, workDate: date, reason }: PaidAdjustment): Line[] {
  const payCode = payCodeOf(layout, source, rate);
  if (payCode === null || payCode === undefined || seconds === 0) return [];
  return [{ line: 'adjustment', payCode, seconds, rate, date, reason }];
}

/** Meal premiums are owed besides the hours, an hour for an hour. */
function bucketsOf({ buckets, mealPremiumSeconds }: EmployeeTotals['totals']): readonly PaidBucket[] {
  return mealPremiumSeconds === 0
    ? buckets
    : [...buckets, { source: 'mealPremium', rate: 1, seconds: mealPremiumSeconds }];
}

/** The code of a bucket; null where it is left out on purpose, undefined where nothing was said. */
function payCodeOf({ payCodes }: LayoutBody, source: string, rate: number): string | null | undefined {
  return payCodes.find((each) => fits(each.source, source) && (each.rate === undefined || each.rate === rate))?.code;
}

const fits = (pattern: string, source: string) =>
  pattern.endsWith('*') ? source.startsWith(pattern.slice(0, -1)) : source === pattern;

function cell(
  layout: LayoutBody,
  period: PaidPeriod,
  of: EmployeeTotals,
  line: Line,
  value: LayoutValue,
  text = '',
): string {
  switch (value) {
    case 'employeeNumber':
      return of.employeeNumber ?? '';
    case 'employeeId':
      return of.employeeId;
    case 'employeeName':
      return of.name;
    case 'periodStart':
      return dated(layout, period.startDate);
    case 'periodEnd':
      return dated(layout, period.endDate);
    case 'revision':
      return String(period.revision);
    case 'payCode':
      return line.payCode;
    case 'amount':
      return amountText(layout.amount, line.seconds);
    case 'rate':
      return line.rate === undefined ? '' : String(line.rate).replace('.', layout.amount.decimalMark);
    case 'line':
      return line.line;
    case 'date':
      return line.date === undefined ? '' : dated(layout, line.date);
    case 'reason':
      return line.reason ?? '';
    case 'text':
      return text;
  }
}

function dated({ dateFormat }: LayoutBody, date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return dateFormat.replace('YYYY', year).replace('MM', month).replace('DD', day);
}

/** Seconds as a payroll system reads them. Hours are rounded half up by their size, in whole numbers; minutes are cut off. */
export function amountText({ unit, decimals, decimalMark }: LayoutBody['amount'], seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  if (unit === 'minutes') return signed(sign, String(Math.trunc(size / 60)));
  if (unit === 'hh:mm') {
    const minutes = Math.trunc(size / 60);
    return signed(
      sign,
      `${String(Math.trunc(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
    );
  }
  const scale = 10 ** decimals;
  const units = Math.floor((size * scale * 2 + 3600) / 7200);
  const whole = String(Math.trunc(units / scale));
  const text = decimals === 0 ? whole : `${whole}${decimalMark}${String(units % scale).padStart(decimals, '0')}`;
  return signed(sign, text);
}

/** No minus in front of nothing. */
const signed = (sign: string, text: string) => (/[1-9]/.test(text) ? sign + text : text);
