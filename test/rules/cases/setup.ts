import type { AttendanceInput } from '../../../src/attendance/rules/input';
import { definePolicy } from '../../../src/attendance/rules/policy';
import type { PunchEvent, PunchType } from '../../../src/attendance/rules/punches/punch';
import { materialise, type ShiftInstance } from '../../../src/attendance/rules/shifts/shift';
import { parseDate, SECONDS_PER_DAY, type DayNumber } from '../../../src/attendance/rules/time/calendar';
import { parseInstant, type Instant } from '../../../src/attendance/rules/time/instant';
import type { Interval } from '../../../src/attendance/rules/time/interval';
import { zoneNamed, type Zone } from '../../../src/attendance/rules/time/zone';
import { windowsOn } from '../../../src/attendance/rules/day/split';
import { parseRange, parseTime } from '../../../src/attendance/rules/time/local-time';
import { Unsupported, type Case } from './case';
import { emptyCaseDraft, type CaseDraft } from './draft';
import { DAY_KEYS } from './rules/days';
import { DIRECT_KEYS } from './rules/direct';
import type { RuleKeys } from './rules/keys';
import { OVERTIME_KEYS } from './rules/overtime';
import { PUNCH_KEYS } from './rules/punches';

const KEYS: RuleKeys = { ...PUNCH_KEYS, ...DAY_KEYS, ...OVERTIME_KEYS, ...DIRECT_KEYS };
/** A jurisdiction sets what the other keys refine; a tolerance refines what the other keys set. */
const ORDER = (key: string) => (key === 'jurisdiction' ? 0 : /tolerance/i.test(key) ? 2 : 1);

/** A case in the engine's terms. */
export interface Setup extends AttendanceInput {
  readonly punches: readonly PunchEvent[];
  readonly employment: NonNullable<AttendanceInput['employment']>;
  /** The case's own day D: its date, the day of its first punch, or an arbitrary one. */
  readonly today: DayNumber;
}

const ANY_DAY = '2026-03-10';
const ANY_SHIFT = { segments: ['09:00-17:00'], onlyOn: null };

/** Maps the rules of a case to a policy and its punches to facts. Throws Unsupported for keys and values that nobody knows. */
export function setUp(given: Case): Setup {
  const draft = emptyCaseDraft(given.timezone);
  const entries = Object.entries(given.rules).sort(([a], [b]) => ORDER(a) - ORDER(b));
  for (const [key, value] of entries) {
    const apply = KEYS[key];
    if (!apply) throw new Unsupported(`rule ${key}`);
    apply(draft, value, given.rules);
  }
  const zone = zoneNamed(draft.zone);
  const read = given.punches.map(readPunch);
  const instants = read.map((punch) => punch.at);
  const today =
    draft.date !== null
      ? parseDate(draft.date)
      : instants.length > 0
        ? zone.dayOf(Math.min(...instants))
        : parseDate(ANY_DAY);
  const day = (text: string) => relativeDay(text, today);
  // A punch late in the evening may be early for the shift of the next date.
  const lastDay = instants.length > 0 ? zone.dayOf(Math.max(...instants)) + 1 : today;
  const isAboutEmployment = draft.assignment !== null || draft.employment.some((each) => each !== null);
  const from = draft.days ? day(draft.days[0]) : isAboutEmployment && instants.length === 0 ? today - 40 : today;
  const to = draft.days ? day(draft.days[1]) : lastDay;
  const wantsShift = isAboutEmployment || 'minutesSinceStart' in given.inputs;
  if (draft.shifts.length === 0 && wantsShift) draft.shifts.push(ANY_SHIFT);
  const shifts = materialiseAll(draft, { from: instants.length > 0 ? from - 1 : from, to, today }, zone, day);
  return {
    zone,
    policy: definePolicy({ ...draft.settings, overtime: draft.overtime, meals: draft.meals }),
    punches: corrected(read, draft.approvedCorrection, zone),
    shifts,
    today,
    from: instants.length > 0 ? from - 1 : from,
    to,
    now: nowOf(given, shifts, instants, zone, today),
    employment: {
      from: draft.employment[0] === null ? null : day(draft.employment[0]),
      until: draft.employment[1] === null ? null : day(draft.employment[1]),
    },
    authorisedOvertime: windowOn(draft.approvedOvertime, today, zone),
    leave: windowOn(draft.leave, today, zone).map((interval) => ({ day: today, code: 'leave', hours: interval })),
    holidays: draft.holidays.map((date) => ({ day: parseDate(date), name: 'holiday' })),
  };
}

function windowOn(range: string | null, today: DayNumber, zone: Zone): Interval[] {
  return range === null ? [] : windowsOn([today], parseRange(range), zone);
}

/** `2026-03-10`, `D`, `D-5`. */
function relativeDay(text: string, today: DayNumber): DayNumber {
  const parts = /^D([+-]\d+)?$/.exec(text);
  return parts ? today + Number(parts[1] ?? 0) : parseDate(text);
}

/** Every shift on every date of the span that its assignment allows; the day before the first matters to overnight shifts alone. */
function materialiseAll(
  draft: CaseDraft,
  span: { from: DayNumber; to: DayNumber; today: DayNumber },
  zone: Zone,
  day: (text: string) => DayNumber,
): ShiftInstance[] {
  const { windowBeforeSeconds, windowAfterSeconds } = draft;
  const first = draft.assignment ? day(draft.assignment[0]) : -Infinity;
  const last = draft.assignment?.[1] != null ? day(draft.assignment[1]) : Infinity;
  const instances: ShiftInstance[] = [];
  for (const [index, { segments, onlyOn }] of draft.shifts.entries()) {
    const definition = { id: String(index + 1), segments, windowBeforeSeconds, windowAfterSeconds };
    for (let date = span.from; date <= span.to; date += 1) {
      if (date < first || date > last || (onlyOn !== null && date !== span.today + onlyOn)) continue;
      instances.push(materialise(definition, date, zone));
    }
  }
  return instances;
}

const TYPES: Readonly<Record<string, PunchType>> = {
  IN: 'in',
  OUT: 'out',
  BREAK_START: 'break_start',
  BREAK_END: 'break_end',
  LUNCH_START: 'break_start',
  LUNCH_END: 'break_end',
  UNKNOWN: 'unknown',
  TOGGLE: 'unknown',
};

function readPunch({ type, at }: Case['punches'][number], index: number): PunchEvent {
  const known = TYPES[type.toUpperCase()];
  if (!known) throw new Unsupported(`punch type ${type}`);
  return { id: `p${index + 1}`, seq: index + 1, type: known, at: parseInstant(at) };
}

/** `IN 08:59 replaces IN 09:20`, on the date of the punch that is replaced. */
function corrected(punches: readonly PunchEvent[], text: string | null, zone: Zone): readonly PunchEvent[] {
  if (text === null) return punches;
  const parts = /^(\w+) (\d{2}:\d{2}) replaces (\w+) (\d{2}:\d{2})$/.exec(text);
  const [, type = '', time = '', oldType = '', oldTime = ''] = parts ?? [];
  const clock = (punch: PunchEvent) => zone.localSeconds(punch.at) - zone.dayOf(punch.at) * SECONDS_PER_DAY;
  const old = punches.find((punch) => punch.type === TYPES[oldType] && clock(punch) === safeTime(oldTime));
  const newType = TYPES[type];
  if (!old || !newType) throw new Unsupported(`approvedCorrection: ${text}`);
  const at = old.at + safeTime(time) - safeTime(oldTime);
  const added: PunchEvent = { id: 'c1', seq: punches.length + 1, type: newType, at, supersedes: old.id };
  return [...punches.map((punch) => (punch === old ? { ...punch, supersededBy: added.id } : punch)), added];
}

function safeTime(text: string): number {
  return text === '' ? Number.NaN : parseTime(text);
}

/** Told by the case; else, with punches, late enough for every window to be closed; without any, the end of day D. */
function nowOf(
  given: Case,
  shifts: readonly ShiftInstance[],
  instants: readonly Instant[],
  zone: Zone,
  today: DayNumber,
): Instant {
  const since = given.inputs.minutesSinceStart;
  const shift = shifts.find((each) => each.day === today);
  if (typeof since === 'number' && shift) return shift.start + since * 60;
  if (instants.length > 0) return Math.max(...instants) + 2 * SECONDS_PER_DAY;
  return zone.dayStart(today + 1) - 1;
}
