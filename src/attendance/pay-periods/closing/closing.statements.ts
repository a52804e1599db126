import { statement } from '../../../database/statement';

/** Waits for everybody who writes days of the tenant, and lets nobody begin: see refuse_closed_days in the migrations. */
export const excludeWriters = statement(
  'pay_periods.exclude_writers',
  'SELECT pg_advisory_xact_lock(period_lock_key($1))',
);

/** How far the tenant's own date is past the end: 0 on its last day. */
export const readDaysPast = statement(
  'pay_periods.days_past',
  `SELECT (now() AT TIME ZONE t.time_zone)::date - p.end_date AS days FROM pay_periods p JOIN tenants t ON t.id = p.tenant_id
   WHERE p.tenant_id = $1 AND p.id = $2`,
);

/**
 * Days of the span `$2` to `$3` that are not decided: marked to be computed again, or waiting for time to pass. A mark stands on a
 * date near the change, and moves the days after it within the same workweek: so marks are looked for from nine days before.
 */
export const readPending = statement(
  'pay_periods.pending_days',
  `(SELECT d.employee_id, d.day::text AS date FROM dirty_days d
     WHERE d.tenant_id = $1 AND d.day >= $2::date - 9 AND d.day <= $3::date + 2 ORDER BY d.seq LIMIT 10)
   UNION
   (SELECT d.employee_id, d.work_date::text FROM day_records d
     WHERE d.tenant_id = $1 AND d.work_date >= $2::date AND d.work_date <= $3::date AND d.due_at IS NOT NULL
     ORDER BY d.work_date, d.employee_id LIMIT 10)
   ORDER BY date, employee_id LIMIT 10`,
);

export const countOpenExceptions = statement(
  'pay_periods.open_exceptions',
  `SELECT count(*)::integer AS n FROM attendance_exceptions x
   WHERE x.tenant_id = $1 AND x.status = 'open' AND x.work_date >= $2::date AND x.work_date <= $3::date`,
);

/** First of all: what was marked as paid is what is summed, and what somebody books meanwhile is paid the next time. */
export const payAdjustments = statement(
  'pay_periods.pay_adjustments',
  `UPDATE adjustments SET status = 'paid', paid_period_id = $2, paid_revision = $3, version = version + 1
   WHERE tenant_id = $1 AND status = 'open'`,
);

export const close = statement(
  'pay_periods.close',
  `UPDATE pay_periods SET status = 'closed', revision = $3, content_hash = decode($4, 'hex'), closed_at = now(), closed_by = $5,
     version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2`,
);

export const reopen = statement(
  'pay_periods.reopen',
  `UPDATE pay_periods SET status = 'open', closed_at = NULL, closed_by = NULL, version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2`,
);

/**
 * Once its dates are open again, a day counts by itself what was told too late. What was booked for it is booked back, whatever became
 * of it: paid, it was paid already; open, both are paid and come to nothing; taken back, it stays refused.
 */
export const reverseLateFacts = statement(
  'pay_periods.reverse_late_facts',
  `INSERT INTO adjustments (tenant_id, employee_id, work_date, origin, pay_source, rate, seconds, reason, created_by)
   SELECT a.tenant_id, a.employee_id, a.work_date, 'late_fact', a.pay_source, a.rate, -sum(a.seconds),
     'The pay period was reopened: the day itself counts this now', $4
   FROM adjustments a
   WHERE a.tenant_id = $1 AND a.origin = 'late_fact' AND a.work_date >= $2::date AND a.work_date <= $3::date
   GROUP BY a.tenant_id, a.employee_id, a.work_date, a.pay_source, a.rate HAVING sum(a.seconds) <> 0`,
);

/** What changed around a closed period (rules, holidays, accepted punches) reaches its days once it is open again. */
export const markReopened = statement(
  'pay_periods.mark_reopened',
  `INSERT INTO dirty_days (tenant_id, employee_id, day)
   SELECT $1, d.employee_id, b.day FROM (SELECT DISTINCT d.employee_id FROM day_records d
     WHERE d.tenant_id = $1 AND d.work_date >= $2::date AND d.work_date <= $3::date) d CROSS JOIN (VALUES ($2::date), ($3::date)) b (day)`,
);
