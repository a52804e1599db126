import type { ExportKind } from '../export.schemas';
import { type Column, minutes, number, sharedMinutes, sure, text, utc, word } from './column';
import { zoneAt } from './zone';

/** A part of the place in the order of a person's rows: its SQL, its type, and what lies before all. */
export interface Key {
  readonly sql: string;
  readonly type: string;
  readonly lowest: string;
}

/** Rows of a person `u`, called `r`. `$1` is the tenant, `$2` and `$3` the first and the last date. */
export interface ExportSource {
  readonly table: string;
  /** What is computed once for each row, beside the columns of the table. */
  readonly computed: string;
  readonly filter: string;
  /** The first of the keys lies between these two, the last excluded. */
  readonly range: readonly [from: string, below: string];
  /** What the range lets in and the export does not. */
  readonly refine: string;
  /** In the order of an index behind tenant and person. */
  readonly keys: readonly [Key, ...Key[]];
  readonly columns: readonly Column[];
}

/** Of every row, at its beginning. */
export const personColumns: readonly Column[] = [
  sure(word('employeeId', 'u.id')),
  text('employeeNumber', 'u.employee_number'),
  text('employeeName', 'u.name'),
];

const dates = ['$2::date', '($3::date + 1)'] as const;
const workDate = { sql: 'r.work_date', type: 'date', lowest: '-infinity' };
const local = (name: string, sql: string) => word(name, `replace((${sql})::text, ' ', 'T')`);

const punches: ExportSource = {
  table: 'punches',
  computed: `r.occurred_at AT TIME ZONE ${zoneAt('r.occurred_at')} AS local, ${zoneAt('r.occurred_at')} AS zone`,
  filter: `r.status = 'active'`,
  // A local date lies within a day of the same date in UTC.
  range: [`(($2::date - 1)::timestamp AT TIME ZONE 'UTC')`, `(($3::date + 2)::timestamp AT TIME ZONE 'UTC')`],
  refine: `r.local >= $2::date::timestamp AND r.local < ($3::date + 1)::timestamp`,
  keys: [
    { sql: 'r.occurred_at', type: 'timestamptz', lowest: '-infinity' },
    { sql: 'r.type_rank', type: 'smallint', lowest: '-1' },
    { sql: 'r.seq', type: 'bigint', lowest: '-1' },
  ],
  columns: [
    sure(word('type', 'r.type')),
    sure(utc('timestamp', 'r.occurred_at')),
    sure(word('localDate', 'r.local::date')),
    sure(word('localTime', 'r.local::time')),
    sure(word('timeZone', 'r.zone')),
    sure(word('source', 'r.source')),
    text('deviceId', 'r.device_id'),
    number('latitude', 'r.latitude'),
    number('longitude', 'r.longitude'),
    word('flags', `CASE WHEN r.flags <> '{}' THEN array_to_string(r.flags, ' ') END`),
    sure(word('punchId', 'r.id')),
  ],
};

const instantOf = (member: string) => `to_timestamp((r.record->>'${member}')::bigint)`;
/** What adds up to the payable time of a day. */
const paidClasses = ['r.regular_seconds', 'r.overtime_seconds', 'r.double_time_seconds'];

const days: ExportSource = {
  table: 'day_records',
  computed: `${instantOf('firstIn')} AS first_in, ${instantOf('lastOut')} AS last_out,
    ${instantOf('firstIn')} AT TIME ZONE ${zoneAt(instantOf('firstIn'))} AS first_in_local,
    ${instantOf('lastOut')} AT TIME ZONE ${zoneAt(instantOf('lastOut'))} AS last_out_local`,
  filter: 'true',
  range: dates,
  refine: 'true',
  keys: [workDate],
  columns: [
    sure(word('date', 'r.work_date')),
    sure(word('status', 'r.status')),
    sure(minutes('scheduledMinutes', 'r.scheduled_seconds')),
    sure(minutes('workedMinutes', 'r.worked_seconds')),
    sure(minutes('payableMinutes', 'r.payable_seconds')),
    sure(sharedMinutes('regularMinutes', paidClasses, 0)),
    sure(sharedMinutes('overtimeMinutes', paidClasses, 1)),
    sure(sharedMinutes('doubleTimeMinutes', paidClasses, 2)),
    sure(sharedMinutes('premiumMinutes', ['r.premium_seconds', '(r.payable_seconds - r.premium_seconds)'], 0)),
    sure(minutes('breakMinutes', 'r.break_seconds')),
    sure(minutes('lateMinutes', 'r.late_seconds')),
    sure(minutes('earlyLeaveMinutes', 'r.early_seconds')),
    sure(minutes('mealPremiumMinutes', 'r.meal_premium_seconds')),
    utc('firstIn', 'r.first_in'),
    local('firstInLocal', 'r.first_in_local'),
    utc('lastOut', 'r.last_out'),
    local('lastOutLocal', 'r.last_out_local'),
    sure(word('approval', 'r.approval')),
    sure(number('revision', 'r.revision')),
  ],
};

const exceptions: ExportSource = {
  table: 'attendance_exceptions',
  computed: `r.occurred_at AT TIME ZONE ${zoneAt('r.occurred_at')} AS local, ${zoneAt('r.occurred_at')} AS zone`,
  // What may still turn out all right, what did, and what was taken back is not worth a line.
  filter: `r.status IN ('open', 'approved', 'rejected')`,
  range: dates,
  refine: 'true',
  keys: [workDate, { sql: 'r.code', type: 'text', lowest: '' }, { sql: 'r.anchor', type: 'text', lowest: '' }],
  columns: [
    sure(word('date', 'r.work_date')),
    sure(word('code', 'r.code')),
    sure(word('status', 'r.status')),
    sure(word('source', 'r.source')),
    sure(utc('occurredAt', 'r.occurred_at')),
    sure(word('localDate', 'r.local::date')),
    sure(word('localTime', 'r.local::time')),
    sure(word('timeZone', 'r.zone')),
    sure(minutes('minutes', 'r.seconds')),
    text('description', 'r.description'),
    text('notes', 'r.notes'),
    word('resolvedBy', 'r.resolved_by'),
    utc('resolvedAt', 'r.resolved_at'),
    sure(word('exceptionId', 'r.id')),
  ],
};

export const sources: Readonly<Record<Exclude<ExportKind, 'totals'>, ExportSource>> = { punches, days, exceptions };
