import { statement } from '../../database/statement';
import { inClosedPeriod } from '../closed-periods/closed-periods';

/** Schedules of one person are written one after the other; punches of that person do not wait for them. `$1`: people. */
export const lockSchedules = statement(
  'schedules.take_turns',
  `SELECT pg_advisory_xact_lock(k.key) FROM (
     SELECT hashtextextended('schedules of ' || e.id, 0) AS key FROM unnest($1::uuid[]) e (id) ORDER BY 1) k`,
);

/** The clock of the database, in whole seconds: replicas need not agree on theirs. */
export const readNow = statement('schedules.now', 'SELECT floor(extract(epoch FROM now()))::float8 AS now');

/** The shifts that people have already, each from a date to a date. `$2` people, `$3` and `$4` their dates. */
export const readInstances = statement(
  'schedules.instances',
  `SELECT s.employee_id, s.schedule_id, s.shift_id, s.work_date - date '1970-01-01' AS day,
     extract(epoch FROM s.window_start)::float8 AS window_start, array_to_string(s.segments, ' ') AS segments, s.review
   FROM unnest($2::uuid[], $3::date[], $4::date[]) e (id, low, high)
   JOIN shift_instances s ON s.tenant_id = $1 AND s.employee_id = e.id AND s.work_date >= e.low AND s.work_date <= e.high`,
);

/**
 * Takes away what has not begun and is not in a closed period. `$2` schedules, `$3` and `$4` the first and last date of each.
 * Trigger `shift_instances_gone` marks the days.
 */
export const removeInstances = statement(
  'schedules.remove_instances',
  `DELETE FROM shift_instances s USING unnest($2::uuid[], $3::date[], $4::date[]) d (id, low, high)
   WHERE s.tenant_id = $1 AND s.schedule_id = d.id AND s.work_date >= d.low AND s.work_date <= d.high AND s.window_start > now()
     AND NOT ${inClosedPeriod('s.tenant_id', 's.work_date')}`,
);

/** Trigger `shift_instances_made` marks those days that are not still to come. */
export const insertInstances = statement(
  'schedules.insert_instances',
  `INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end,
     segments, local_start, local_end, break_seconds, late_grace_seconds, early_grace_seconds, review, due_at)
   SELECT $1, i.employee, i.schedule, i.shift, date '1970-01-01' + i.day, to_timestamp(i.starts), to_timestamp(i.ends),
     to_timestamp(i.opens), to_timestamp(i.closes), i.segments::bigint[], i.local_start, i.local_end, i.pause, i.late, i.early, i.review,
     to_timestamp(i.starts)
   FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::text[],
     $11::text[], $12::text[], $13::int[], $14::int[], $15::int[], $16::text[])
     i (employee, schedule, shift, day, starts, ends, opens, closes, segments, local_start, local_end, pause, late, early, review)
   ON CONFLICT ON CONSTRAINT shift_instances_once DO NOTHING`,
);

/** `$2` schedules, `$3` how far their shifts have instants now; `$4` what is added to their versions. */
export const markPublished = statement(
  'schedules.mark_published',
  `UPDATE schedules s SET status = 'published', published_at = coalesce(s.published_at, now()), materialised_until = p.until,
     version = s.version + p.step, updated_at = CASE p.step WHEN 0 THEN s.updated_at ELSE now() END
   FROM unnest($2::uuid[], $3::date[], $4::int[]) p (id, until, step) WHERE s.tenant_id = $1 AND s.id = p.id`,
);

/** Other schedules that give way. `$2` schedules, `$3` `$4` `$5` what becomes of them. */
export const supersedeSchedules = statement(
  'schedules.give_way',
  `UPDATE schedules s SET start_date = c.start_date, end_date = c.end_date, status = c.status, version = s.version + 1, updated_at = now()
   FROM unnest($2::uuid[], $3::date[], $4::date[], $5::text[]) c (id, start_date, end_date, status)
   WHERE s.tenant_id = $1 AND s.id = c.id`,
);
