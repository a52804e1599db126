import { statement } from '../../database/statement';

/** `$2`: the records as one JSON array. Only what differs is sent, so every row that is met is changed. */
export const saveDays = statement(
  'days.save',
  `INSERT INTO day_records AS d (tenant_id, employee_id, work_date, content_hash, policy_id, status, scheduled_seconds, worked_seconds,
     payable_seconds, regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds,
     early_seconds, meal_premium_seconds, exceptions, buckets, record, due_at)
   SELECT $1, n.e, n.d, decode(n.h, 'hex'), n.p, n.s, n.n[1], n.n[2], n.n[3], n.n[4], n.n[5], n.n[6], n.n[7], n.n[8], n.n[9], n.n[10],
     n.n[11], n.n[12], n.b, n.r, to_timestamp(n.t)
   FROM json_to_recordset($2::json) n (e uuid, d date, h text, p uuid, s text, n int[], b json, r json, t float8)
   ON CONFLICT ON CONSTRAINT day_records_pkey DO UPDATE SET revision = d.revision + 1, content_hash = excluded.content_hash,
     policy_id = excluded.policy_id, status = excluded.status, scheduled_seconds = excluded.scheduled_seconds,
     worked_seconds = excluded.worked_seconds, payable_seconds = excluded.payable_seconds, regular_seconds = excluded.regular_seconds,
     overtime_seconds = excluded.overtime_seconds, double_time_seconds = excluded.double_time_seconds,
     premium_seconds = excluded.premium_seconds, break_seconds = excluded.break_seconds, late_seconds = excluded.late_seconds,
     early_seconds = excluded.early_seconds, meal_premium_seconds = excluded.meal_premium_seconds,
     exceptions = excluded.exceptions, buckets = excluded.buckets, record = excluded.record, due_at = excluded.due_at,
     computed_at = now()`,
);
/** A record that stays as it is, but for when to look again. */
export const saveDue = statement(
  'days.save_due',
  `UPDATE day_records d SET due_at = to_timestamp(n.t) FROM unnest($2::uuid[], $3::date[], $4::float8[]) n (e, d, t)
   WHERE d.tenant_id = $1 AND d.employee_id = n.e AND d.work_date = n.d`,
);
export const dropDays = statement(
  'days.drop',
  `DELETE FROM day_records d USING unnest($2::uuid[], $3::date[]) n (e, d)
   WHERE d.tenant_id = $1 AND d.employee_id = n.e AND d.work_date = n.d`,
);
/** The day has changed since somebody approved it. */
export const resetApprovals = statement(
  'days.reset_approvals',
  `UPDATE day_records d SET approval = 'pending', approved_by = NULL, approved_at = NULL, approval_reset_at = now()
   FROM unnest($2::uuid[], $3::date[]) n (e, d)
   WHERE d.tenant_id = $1 AND d.employee_id = n.e AND d.work_date = n.d AND d.approval = 'approved'
   RETURNING d.employee_id, d.work_date::text AS date`,
);
export const openExceptions = statement(
  'days.open_exceptions',
  `INSERT INTO attendance_exceptions (tenant_id, employee_id, work_date, code, anchor, source, status, occurred_at, seconds)
   SELECT $1, n.e, n.d, n.c, n.a, 'automatic', n.s, to_timestamp(n.t), n.n
   FROM json_to_recordset($2::json) n (e uuid, d date, c text, a text, s text, t float8, n int)
   ON CONFLICT ON CONSTRAINT attendance_exceptions_natural_unique DO NOTHING`,
);
/** Guarded by the status that was seen: what somebody decides at this moment is not overwritten. */
export const changeExceptions = statement(
  'days.change_exceptions',
  `UPDATE attendance_exceptions x SET status = n.s, occurred_at = to_timestamp(n.t), seconds = n.n, version = version + 1,
     updated_at = now(), resolved_by = NULL, resolved_at = NULL
   FROM json_to_recordset($2::json) n (i uuid, w text, s text, t float8, n int)
   WHERE x.tenant_id = $1 AND x.id = n.i AND x.status = n.w`,
);
export const readPaidDays = statement(
  'days.read_paid',
  `SELECT e.e AS id, e.d::text AS date, d.buckets, d.policy_id,
     (SELECT json_agg(json_build_object('source', a.pay_source, 'rate', a.rate, 'seconds', a.seconds)) FROM adjustments a
       WHERE a.tenant_id = $1 AND a.employee_id = e.e AND a.work_date = e.d AND a.origin = 'late_fact') AS adjusted
   FROM unnest($2::uuid[], $3::date[]) e (e, d)
   LEFT JOIN day_records d ON d.tenant_id = $1 AND d.employee_id = e.e AND d.work_date = e.d`,
);
export const bookAdjustments = statement(
  'days.book_adjustments',
  `INSERT INTO adjustments (tenant_id, id, employee_id, work_date, origin, pay_source, rate, seconds, reason)
   SELECT $1, n.i, n.e, n.d, 'late_fact', n.p, n.f, n.n, n.w
   FROM json_to_recordset($2::json) n (i uuid, e uuid, d date, p text, f numeric, n int, w text)`,
);
