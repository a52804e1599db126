import { z } from 'zod';
import { hours, minutes, number, read, Unsupported } from '../case';
import type { RuleKeys } from './keys';

/** Keys about punches, shifts and the date that owns work. */
export const PUNCH_KEYS: RuleKeys = {
  direction: (draft, value) => {
    const direction = read(z.enum(['alternate', 'typed', 'declared', 'position']), value, 'direction');
    draft.settings.direction = direction === 'typed' ? 'declared' : direction;
  },
  hours: (draft, value) => {
    draft.settings.pairing = read(z.enum(['every_pair', 'first_last']), value, 'hours');
  },
  doubleIn: (draft, value) => {
    draft.settings.doubleIn = read(z.enum(['keep_first', 'keep_last']), value, 'doubleIn');
  },
  duplicateKey: (_, value) => {
    // The key of an accepted punch is fixed in the engine; a case may only confirm it.
    const key = read(z.array(z.string()), value, 'duplicateKey');
    if ([...key].sort().join() !== 'at,employee,type') throw new Unsupported(`duplicateKey: ${key.join()}`);
  },
  dedupeSeconds: (draft, value) => {
    draft.settings.dedupeSeconds = number(value, 'dedupeSeconds');
  },
  minIntervalSeconds: () => undefined,
  guard: (_, value) => {
    read(z.string().startsWith('absolute'), value, 'guard');
  },
  kiosk: (_, value) => {
    read(z.literal('toggle'), value, 'kiosk');
  },
  maxShiftHours: (draft, value) => {
    draft.settings.maxShiftSeconds = hours(value, 'maxShiftHours');
  },
  newShiftTriggerHours: (draft, value) => {
    draft.settings.newShiftGapSeconds = hours(value, 'newShiftTriggerHours');
  },
  postShiftTailMin: (draft, value) => {
    draft.settings.postShiftTailSeconds = minutes(value, 'postShiftTailMin');
  },
  contestedMargin: (draft, value) => {
    draft.settings.contestedMargin = read(z.enum(['later_shift', 'midpoint']), value, 'contestedMargin');
  },
  assignDay: (draft, value) => {
    const rule = read(z.enum(['start', 'end', 'most_worked', 'split_midnight']), value, 'assignDay');
    draft.settings.assignDay = rule;
  },
  checkInWindowBeforeMin: (draft, value) => {
    draft.windowBeforeSeconds = minutes(value, 'checkInWindowBeforeMin');
    // A case that states windows is strict about them.
    draft.settings.unscheduled = 'review';
  },
  checkOutWindowAfterMin: (draft, value) => {
    draft.windowAfterSeconds = minutes(value, 'checkOutWindowAfterMin');
    draft.settings.unscheduled = 'review';
  },
  shift: (draft, value) => {
    draft.shifts.push(...oneOrSeveral(value, 'shift').map(shiftText));
  },
  shifts: (draft, value) => {
    draft.shifts.push(...oneOrSeveral(value, 'shifts').map(shiftText));
  },
  segments: (draft, value) => {
    draft.shifts.push({ segments: oneOrSeveral(value, 'segments'), onlyOn: null });
    draft.settings.clip = 'schedule';
    draft.settings.dayStatus = 'punctuality';
  },
  assignment: (draft, value) => {
    draft.assignment = read(z.tuple([z.string(), z.string().nullable()]), value, 'assignment');
  },
  date: (draft, value) => {
    draft.date = read(z.iso.date(), value, 'date');
  },
  days: (draft, value) => {
    const [from, to] = read(z.string(), value, 'days').split('..');
    if (from === undefined || to === undefined) throw new Unsupported(`days: ${String(value)}`);
    draft.days = [from, to];
  },
  joined: (draft, value) => {
    draft.employment[0] = read(z.string(), value, 'joined');
  },
  assigned: (draft, value) => {
    draft.assignment = [read(z.string(), value, 'assigned'), null];
  },
  relieved: (draft, value) => {
    draft.employment[1] = read(z.string(), value, 'relieved');
  },
  employeeTimezone: (draft, value) => {
    draft.zone = read(z.string(), value, 'employeeTimezone');
  },
  holidays: (draft, value) => {
    draft.holidays = read(z.array(z.iso.date()), value, 'holidays');
  },
};

const oneOrSeveral = (value: unknown, what: string) =>
  [read(z.union([z.string(), z.array(z.string())]), value, what)].flat();

/** `22:00-06:00`, or `22:00-06:00 on D-1` for a shift of one date. */
function shiftText(value: unknown): { segments: string[]; onlyOn: number | null } {
  const parts = /^(\S+-\S+)(?: on D([+-]\d+)?)?$/.exec(read(z.string(), value, 'shift'));
  if (!parts) throw new Unsupported(`shift: ${String(value)}`);
  const isDated = parts[0] !== parts[1];
  return { segments: [parts[1] ?? ''], onlyOn: isDated ? Number(parts[2] ?? 0) : null };
}
