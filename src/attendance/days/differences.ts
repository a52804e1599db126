import type { DayException } from '../rules/day/exception';
import type { PayBucket } from '../rules/overtime/totals';
import { approvalsReset } from '../rules/periods/approval';
import { formatDate, parseDate } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';
import type { ComputedDay } from './compute';
import { exceptionChanges, type ExceptionChange, type AutomaticException } from './exception-changes';
import type { ComputationContext, PersonInputs } from './inputs';
import { looksAtWeeks } from './span';

/** A day, as stored. */
interface RecordedDay {
  readonly hash: string;
  readonly dueAt: Instant | null;
  readonly isApproved: boolean;
}
/** By date. */
export type RecordedDays = ReadonlyMap<string, RecordedDay>;

/** What a computation of one person changes on record. Dates as texts. */
export interface Differences {
  readonly employeeId: string;
  readonly saved: readonly ComputedDay[];
  readonly due: readonly { readonly date: string; readonly dueAt: Instant | null }[];
  readonly dropped: readonly string[];
  readonly reset: readonly string[];
  readonly opened: readonly { readonly date: string; readonly found: DayException }[];
  readonly changed: readonly ExceptionChange[];
  /** Closed dates, with what they come to now. */
  readonly closed: readonly { readonly date: string; readonly buckets: readonly PayBucket[] }[];
}

/** Reads what readRecorded wrote. */
export function recordedOf(text: string): RecordedDays {
  return new Map(
    text.split(';').map((row): [string, RecordedDay] => {
      const [date = '', hash = '', due = '', approval = ''] = row.split(',');
      return [date, { hash, dueAt: due === '' ? null : Number(due), isApproved: approval === 'approved' }];
    }),
  );
}

/** Compares what was computed for a person with what is on record. */
export function differencesOf(
  { employee, span }: PersonInputs,
  context: ComputationContext,
  computed: readonly ComputedDay[],
  recorded: RecordedDays,
  exceptions: readonly AutomaticException[],
): Differences {
  const open = computed.filter(({ dayNumber }) => !context.isClosed(dayNumber));
  const saved = open.filter(({ day, hash }) => recorded.get(day.date)?.hash !== hash);
  const due = open.flatMap(({ day: { date }, hash, dueAt }) => {
    const row = recorded.get(date);
    return row?.hash === hash && row.dueAt !== dueAt ? [{ date, dueAt }] : [];
  });
  const dates = new Map(computed.map((each) => [each.day.date, each]));
  const dropped = [...recorded.keys()].filter((date) => !dates.has(date) && !context.isClosed(parseDate(date)));
  const opened: { date: string; found: DayException }[] = [];
  const changed: ExceptionChange[] = [];
  for (let number = span.from; number <= span.to; number += 1) {
    if (context.isClosed(number)) continue;
    const date = formatDate(number);
    const found = dates.get(date)?.day.exceptions ?? [];
    const rows = exceptions.length === 0 ? [] : exceptions.filter((row) => row.date === date);
    if (found.length === 0 && rows.length === 0) continue;
    const changes = exceptionChanges(rows, found);
    opened.push(...changes.insert.map((each) => ({ date, found: each })));
    changed.push(...changes.change);
  }
  return {
    employeeId: employee.id,
    saved,
    due,
    dropped,
    reset: approvalsToReset(recorded, saved, context, employee.orgUnitId),
    opened,
    changed,
    closed: computed
      .filter(({ dayNumber }) => context.isClosed(dayNumber))
      .map(({ day }) => ({ date: day.date, buckets: day.buckets })),
  };
}

/** A changed day takes its own approval along, and those of its week where an overtime rule looks at the week (OT-OD-10). */
function approvalsToReset(
  recorded: RecordedDays,
  saved: readonly ComputedDay[],
  { policies, isClosed }: ComputationContext,
  unitId: string | null,
): string[] {
  const approved = [...recorded].filter(([, row]) => row.isApproved).map(([date]) => parseDate(date));
  const [first] = saved;
  if (approved.length === 0 || !first) return [];
  const { policy } = policies.inForce(unitId, first.dayNumber);
  const rule = { span: looksAtWeeks(policy) ? 'week' : 'day', weekStart: policy.overtime.weekStart } as const;
  const changedDays = saved.filter(({ day }) => recorded.has(day.date)).map(({ dayNumber }) => dayNumber);
  return approvalsReset(approved, changedDays, rule)
    .filter((day) => !isClosed(day))
    .map(formatDate);
}
