import { formatDate, weekdayOf, type DayNumber } from '../attendance/rules/time/calendar';
import type { Instant } from '../attendance/rules/time/instant';
import { parseRange } from '../attendance/rules/time/local-time';
import { materialise } from '../attendance/rules/shifts/shift';
import type { Zone } from '../attendance/rules/time/zone';

/** Who works when, in a demo tenant: a crew by weekdays (0 = Sunday) and hours. */
export interface Crew {
  readonly name: string;
  readonly weekdays: readonly number[];
  readonly hours: string;
}

export interface PlannedPunch {
  readonly employeeId: string;
  readonly type: 'in' | 'out' | 'break_start' | 'break_end';
  readonly timestamp: string;
  readonly deviceId: string;
}

const weekdays = [1, 2, 3, 4, 5];

/** The desk is manned round the clock, so that somebody is in whenever the demo is started. */
export const crews: readonly Crew[] = [
  { name: 'Office', weekdays, hours: '09:00-17:30' },
  { name: 'Early shift', weekdays, hours: '05:00-13:00' },
  { name: 'Night shift', weekdays: [0, 1, 2, 3, 4], hours: '22:00-06:00' },
  ...['00:00-08:00', '08:00-16:00', '16:00-24:00'].flatMap((hours): Crew[] => [
    { name: `Desk ${hours}`, weekdays: [1, 2, 3, 4], hours },
    { name: `Desk ${hours}, weekend`, weekdays: [5, 6, 0], hours },
  ]),
];

/** A small generator with a seed (mulberry32): every demo of a day looks the same. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What becomes of a shift: mostly nothing special, and everything that happens at a clock sooner or later. */
type Mood = 'usual' | 'absent' | 'forgot_out' | 'late' | 'overtime' | 'left_early' | 'double_tap' | 'no_break';
const moods: readonly [Mood, number][] = [
  ['absent', 0.015],
  ['forgot_out', 0.02],
  ['late', 0.06],
  ['overtime', 0.09],
  ['left_early', 0.03],
  ['double_tap', 0.05],
  ['no_break', 0.03],
];

/** The punches of one person over a span, as far as they lie before `until`. */
export function punchesOf(
  employeeId: string,
  crew: Crew,
  span: { readonly from: DayNumber; readonly to: DayNumber; readonly until: Instant },
  zone: Zone,
  random: () => number,
): PlannedPunch[] {
  const told: PlannedPunch[] = [];
  for (let day = span.from; day <= span.to; day += 1) {
    if (!crew.weekdays.includes(weekdayOf(day))) continue;
    for (const [type, at] of shiftOn(crew.hours, day, zone, moodOf(random), random)) {
      if (at > span.until) continue;
      told.push({ employeeId, type, timestamp: new Date(at * 1000).toISOString(), deviceId: 'gate-1' });
    }
  }
  return told;
}

function moodOf(random: () => number): Mood {
  let rest = random();
  for (const [mood, share] of moods) {
    if (rest < share) return mood;
    rest -= share;
  }
  return 'usual';
}

/** One shift as it was punched. Instants in epoch seconds. */
export function shiftOn(
  hours: string,
  day: DayNumber,
  zone: Zone,
  mood: Mood,
  random: () => number,
): [PlannedPunch['type'], Instant][] {
  if (mood === 'absent') return [];
  const plan = { id: 'demo', segments: [hours], windowBeforeSeconds: 0, windowAfterSeconds: 0 };
  const { start, end } = materialise(plan, day, zone);
  const minutes = (low: number, high: number) => Math.round((low + random() * (high - low)) * 60);
  const arrived = mood === 'late' ? start + minutes(9, 45) : start + minutes(-9, 3);
  const left =
    end + (mood === 'overtime' ? minutes(50, 150) : mood === 'left_early' ? minutes(-90, -20) : minutes(-2, 12));
  const pause = start + Math.round((end - start) / 2) + minutes(-30, 30);
  const punches: [PlannedPunch['type'], Instant][] = [['in', arrived]];
  if (mood === 'double_tap') punches.push(['in', arrived + 7]);
  if (mood !== 'no_break') punches.push(['break_start', pause], ['break_end', pause + minutes(29, 38)]);
  if (mood !== 'forgot_out') punches.push(['out', left]);
  return punches;
}

/** The last date whose night was longer or shorter than others, or undefined where the clock is left alone. */
export function lastClockChange(today: DayNumber, zone: Zone): DayNumber | undefined {
  for (let day = today; day > today - 366; day -= 1) {
    if (zone.dayStart(day + 1) - zone.dayStart(day) !== 86_400) return day;
  }
  return undefined;
}

/** A whole schedule for a crew, as the API takes it. */
export function scheduleFor(crew: Crew, from: DayNumber) {
  const [startTime = '', endTime = ''] = crew.hours.split('-');
  const { start, end } = parseRange(crew.hours);
  return {
    schedule: { name: crew.name, startDate: formatDate(from) },
    shifts: crew.weekdays.map((dayOfWeek) => ({
      dayOfWeek,
      startTime,
      endTime,
      breakMinutes: end - start > 6 * 3600 ? 30 : 0,
    })),
  };
}
