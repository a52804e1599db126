import { statement } from '../../database/statement';

/**
 * What decides about the days of many people, in one exchange. A person's rows come as one text, fields by comma and rows by
 * semicolon: taking a million punches apart here costs a tenth of what the driver needs for as many rows.
 */

/**
 * The rows of one person `e` from a date to a date, in a form that only the index by person and date can answer in order: there
 * is another one by date alone, and a planner without statistics would read everybody's rows for each person.
 */
export const withinDates = (row: string, low = 'e.low', high = 'e.high') =>
  `${row}.tenant_id = $1 AND (${row}.employee_id, ${row}.work_date) >= (e.id, ${low}) AND (${row}.employee_id, ${row}.work_date) <= (e.id, ${high})`;

/** The punches of one person between two instants, in the same form: right after an import of a month the index by instant alone looks as good, and holds everybody's. */
const withinInstants =
  'p.tenant_id = $1 AND (p.employee_id, p.occurred_at) >= (e.id, to_timestamp(e.low)) AND (p.employee_id, p.occurred_at) < (e.id, to_timestamp(e.high))';

/** Which punch a correction replaces. A punch that an approved request added replaces none, so it names itself. */
const replaced = "coalesce(p.replaces, CASE WHEN p.source = 'admin' THEN p.id END) AS replaces";

/** `$2` people, `$3` and `$4` the first and last instant (epoch seconds) of each. at,type,seq,id,status,supersededBy,replaces */
export const readPunches = statement(
  'days.read_punches',
  `SELECT e.id, p.rows FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) e (id, low, high)
   CROSS JOIN LATERAL (
     SELECT string_agg(concat_ws(',', floor(extract(epoch FROM p.occurred_at))::bigint, p.type, p.seq, p.id, p.status,
       coalesce(p.superseded_by::text, ''), coalesce(p.replaces::text, '')), ';') AS rows
     FROM (
       (SELECT occurred_at, type, seq, id, status, superseded_by, ${replaced} FROM punches p
        WHERE ${withinInstants} AND p.status = 'active' ORDER BY p.employee_id, p.occurred_at, p.type_rank, p.seq)
       UNION ALL
       (SELECT occurred_at, type, seq, id, status, superseded_by, ${replaced} FROM punches p
        WHERE ${withinInstants} AND p.status IN ('accepted', 'superseded', 'deleted') ORDER BY p.employee_id, p.occurred_at)) p) p
   WHERE p.rows IS NOT NULL`,
);

/** `$3` and `$4`: first and last work date of each. shift,day,windowStart,windowEnd,break,lateGrace,earlyGrace,review,localStart,localEnd,start end … */
export const readShifts = statement(
  'days.read_shifts',
  `SELECT e.id, s.rows FROM unnest($2::uuid[], $3::date[], $4::date[]) e (id, low, high)
   CROSS JOIN LATERAL (
     SELECT string_agg(concat_ws(',', s.shift_id, s.work_date - date '1970-01-01', extract(epoch FROM s.window_start)::bigint,
       extract(epoch FROM s.window_end)::bigint, s.break_seconds, coalesce(s.late_grace_seconds::text, ''),
       coalesce(s.early_grace_seconds::text, ''), coalesce(s.review, ''), s.local_start, s.local_end,
       array_to_string(s.segments, ' ')), ';') AS rows
     FROM shift_instances s WHERE s.tenant_id = $1 AND s.employee_id = e.id AND s.work_date >= e.low AND s.work_date <= e.high) s
   WHERE s.rows IS NOT NULL`,
);

export const readLeave = statement(
  'days.read_leave',
  `SELECT l.employee_id, l.work_date - date '1970-01-01' AS day, l.code,
     extract(epoch FROM l.starts_at)::float8 AS starts, extract(epoch FROM l.ends_at)::float8 AS ends
   FROM leave_entries l WHERE l.tenant_id = $1 AND l.employee_id = ANY ($2::uuid[]) AND l.work_date >= $3::date AND l.work_date <= $4::date
   ORDER BY l.employee_id, l.work_date, l.id`,
);

export const readHolidays = statement(
  'days.read_holidays',
  `SELECT h.work_date - date '1970-01-01' AS day, h.name, h.org_unit_id FROM holidays h
   WHERE h.tenant_id = $1 AND h.work_date >= $2::date AND h.work_date <= $3::date ORDER BY h.work_date, h.id`,
);

/** What is on record for the same dates: date,hash,due,approval,policy. */
export const readRecorded = statement(
  'days.read_recorded',
  `SELECT e.id, d.rows FROM unnest($2::uuid[], $3::date[], $4::date[]) e (id, low, high)
   CROSS JOIN LATERAL (
     SELECT string_agg(concat_ws(',', d.work_date, encode(d.content_hash, 'hex'), coalesce(extract(epoch FROM d.due_at)::bigint::text, ''),
       d.approval, coalesce(d.policy_id::text, '')), ';') AS rows
     FROM (SELECT * FROM day_records d WHERE ${withinDates('d')} ORDER BY d.employee_id, d.work_date) d) d
   WHERE d.rows IS NOT NULL`,
);

/** Automatic exceptions on record for the same dates: id,date,code,anchor,status,seconds,at. */
export const readExceptions = statement(
  'days.read_exceptions',
  `SELECT e.id, x.rows FROM unnest($2::uuid[], $3::date[], $4::date[]) e (id, low, high)
   CROSS JOIN LATERAL (
     SELECT string_agg(concat_ws(',', x.id, x.work_date, x.code, x.anchor, x.status, x.seconds,
       floor(extract(epoch FROM x.occurred_at))::bigint), ';') AS rows
     FROM (SELECT * FROM attendance_exceptions x WHERE ${withinDates('x')} AND x.source = 'automatic'
       ORDER BY x.employee_id, x.work_date) x) x
   WHERE x.rows IS NOT NULL`,
);

/** The clock of the database, in whole seconds: replicas need not agree on theirs. */
export const readClock = statement('days.now', 'SELECT floor(extract(epoch FROM now()))::float8 AS now');
