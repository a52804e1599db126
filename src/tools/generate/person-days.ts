import { formatDate, SECONDS_PER_DAY, type DayNumber } from '../../attendance/rules/time/calendar';
import type { DayTruth, GenerateOptions, PunchTruth } from './options';
import type { Random } from './random';

/** Measured in one real export of a terminal: 60 of 560 rows repeat the one before within ten seconds. */
const DOUBLE_TAPS = 0.11;
const SINGLE_PUNCH_DAYS = { good: 0.03, bad: 0.73 } as const;
const NIGHT_WORKERS = 0.05;
const WITH_BREAK = 0.4;

/** One day of one person. Nobody punches between 00:00 and 05:00, where clocks are changed: such times are faults. */
export function personDay(random: Random, options: GenerateOptions, person: number, day: DayNumber): DayTruth {
  const midnight = day * SECONDS_PER_DAY;
  const works = person % Math.round(1 / NIGHT_WORKERS) === 3 ? NIGHT : DAY;
  const start = midnight + random.between(works.start, works.start + 5_400);
  const end = start + works.seconds + random.between(0, 3_600);
  const hasBreak = random.chance(WITH_BREAK);
  const isSingle = random.chance(SINGLE_PUNCH_DAYS[options.site ?? 'good']);
  const punches: PunchTruth[] = [{ type: 'in', local: start }];
  if (!isSingle) {
    if (hasBreak && isLong(options)) {
      const pause = start + random.between(2 * 3600, 3 * 3600);
      punches.push({ type: 'break_start', local: pause });
      punches.push({ type: 'break_end', local: pause + random.between(1_200, 3_000) });
    }
    punches.push({ type: 'out', local: end });
  }
  const breakMinutes = hasBreak && !isSingle ? 30 : 0;
  const written = isTerminal(options) ? withDoubleTaps(random, punches) : punches.map(wholeMinute(options));
  return {
    employeeNumber: employeeNumberOf(options, person),
    date: formatDate(day),
    punches: breakMinutes > 0 && hasBreakColumn(options) ? withBreakInTheMiddle(written, breakMinutes) : written,
    breakMinutes,
  };
}

const DAY = { start: 6 * 3600, seconds: 8 * 3600 };
/** Begins by 20:00, pauses before midnight and ends from 05:30 on. */
const NIGHT = { start: 18 * 3600 + 1_800, seconds: 11 * 3600 };

export function employeeNumberOf(options: GenerateOptions, person: number): string {
  return options.employeeNumber?.(person) ?? String(person + 1).padStart(6, '0');
}

export function isTerminal({ shape }: GenerateOptions): boolean {
  return shape === 'attlog' || shape === 'attlog-5' || shape === 'adms';
}

/** Is it one punch a row? */
export function isLong(options: GenerateOptions): boolean {
  return isTerminal(options) || ['plain-punches', 'ndjson', 'xlsx-punches'].includes(options.shape);
}

function withDoubleTaps(random: Random, punches: readonly PunchTruth[]): PunchTruth[] {
  return punches.flatMap((punch) =>
    random.chance(DOUBLE_TAPS) ? [punch, { ...punch, local: punch.local + random.between(1, 10) }] : [punch],
  );
}

/** Daily summaries that say how long a break was, and not when. */
const hasBreakColumn = ({ shape }: GenerateOptions) => shape === 'plain-days' || shape === 'xlsx-days';

/** Where the import places it. */
function withBreakInTheMiddle(punches: readonly PunchTruth[], minutes: number): readonly PunchTruth[] {
  const [start, end] = punches;
  if (!start || !end) return punches;
  const from = start.local + Math.floor((end.local - start.local - minutes * 60) / 120) * 60;
  return [start, { type: 'break_start', local: from }, { type: 'break_end', local: from + minutes * 60 }, end];
}

/** Daily summaries have no seconds. */
function wholeMinute(options: GenerateOptions): (punch: PunchTruth) => PunchTruth {
  if (isLong(options)) return (punch) => punch;
  return (punch) => ({ ...punch, local: punch.local - (punch.local % 60) });
}
