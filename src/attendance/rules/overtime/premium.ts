import { weekdayOf, type DayNumber } from '../time/calendar';
import type { Interval } from '../time/interval';
import type { Zone } from '../time/zone';
import { daysAround, windowsOn } from '../day/split';
import type { PaidPiece, PaySource } from './allocate';
import type { PremiumRule } from './rules';

/** A stretch of time with a rate of its own. */
interface RatedTime extends Interval {
  readonly source: PaySource;
  readonly rate: number;
}

/**
 * Lays premium windows and holidays over paid time. Where several meet, and where they meet overtime, the highest rate
 * is paid once; at equal rates overtime keeps the hour, then the rule named first.
 */
export function applyPremiums(
  pieces: readonly PaidPiece[],
  premiums: readonly PremiumRule[],
  holidays: readonly DayNumber[],
  holidayRate: number | null,
  zone: Zone,
): PaidPiece[] {
  if (pieces.length === 0) return [];
  const span = pieces.reduce(
    (all, { start, end }) => ({ start: Math.min(all.start, start), end: Math.max(all.end, end) }),
    { start: Infinity, end: -Infinity },
  );
  const rated = [
    ...holidayTime(holidays, holidayRate, zone),
    ...premiums.flatMap((rule) => premiumTime(rule, span, zone)),
  ];
  return rated.reduce<PaidPiece[]>((all, premium) => all.flatMap((piece) => lay(piece, premium)), [...pieces]);
}

function holidayTime(holidays: readonly DayNumber[], rate: number | null, zone: Zone): RatedTime[] {
  if (rate === null) return [];
  return holidays.map((day) => ({ start: zone.dayStart(day), end: zone.dayStart(day + 1), source: 'holiday', rate }));
}

function premiumTime(rule: PremiumRule, span: Interval, zone: Zone): RatedTime[] {
  const days = daysAround(span, zone).filter(
    (day) => rule.weekdays.length === 0 || rule.weekdays.includes(weekdayOf(day)),
  );
  const source: PaySource = `premium:${rule.name}`;
  return windowsOn(days, rule.window, zone).map((window) => ({ ...window, source, rate: rule.rate }));
}

function lay(piece: PaidPiece, premium: RatedTime): PaidPiece[] {
  const start = Math.max(piece.start, premium.start);
  const end = Math.min(piece.end, premium.end);
  if (start >= end || premium.rate <= piece.rate) return [piece];
  const result: PaidPiece[] = [];
  if (piece.start < start) result.push({ ...piece, end: start });
  result.push({ ...piece, start, end, source: premium.source, rate: premium.rate });
  if (end < piece.end) result.push({ ...piece, start: end });
  return result;
}
