import { statement } from '../../../database/statement';

/** Who is paid in a period: `$2` to `$3` its dates, `$4` an org unit or null. Adjustments: `$5` `$6` of a paid revision, or open ones. */
const adjustments = `a.tenant_id = $1
  AND ($5::uuid IS NULL AND a.status = 'open' OR a.status = 'paid' AND a.paid_period_id = $5 AND a.paid_revision = $6::integer)`;
export const readPaid = statement(
  'pay_periods.paid_people',
  `SELECT u.id FROM users u JOIN (
     SELECT d.employee_id FROM day_records d WHERE d.tenant_id = $1 AND d.work_date >= $2::date AND d.work_date <= $3::date
     UNION SELECT a.employee_id FROM adjustments a WHERE ${adjustments}) p ON p.employee_id = u.id
   WHERE u.tenant_id = $1 AND ($4::uuid IS NULL OR u.org_unit_id = $4)
   ORDER BY u.employee_number COLLATE "C" NULLS LAST, u.id`,
);

/** Most days hold nothing but regular time, and are known by that; any other is taken apart. */
const isPlain = `d.buckets::text = '[{"source":"regular","rate":1,"seconds":' || d.payable_seconds || '}]'`;

/**
 * What the days of some people (`$4`) come to; other parameters as above. The three halves meet at the people, so nobody is missing
 * who has an adjustment and no day.
 */
const totals = `WITH d AS MATERIALIZED (
    SELECT d.employee_id, d.approval, d.scheduled_seconds, d.worked_seconds, d.payable_seconds, d.regular_seconds, d.overtime_seconds,
      d.double_time_seconds, d.premium_seconds, d.break_seconds, d.late_seconds, d.early_seconds,
      CASE WHEN ${isPlain} OR d.buckets::text = '[]' THEN NULL ELSE d.buckets END AS buckets,
      CASE WHEN ${isPlain} THEN d.payable_seconds END AS plain_seconds,
      d.meal_premium_seconds
    FROM unnest($4::uuid[]) e (id) JOIN day_records d ON d.tenant_id = $1 AND d.employee_id = e.id
      AND d.work_date >= $2::date AND d.work_date <= $3::date),
  sums AS (
    SELECT d.employee_id, count(*)::integer AS days, jsonb_build_object(
      'approvedDays', count(*) FILTER (WHERE d.approval = 'approved'),
      'scheduledSeconds', sum(d.scheduled_seconds), 'workedSeconds', sum(d.worked_seconds), 'payableSeconds', sum(d.payable_seconds),
      'regularSeconds', sum(d.regular_seconds), 'overtimeSeconds', sum(d.overtime_seconds),
      'doubleTimeSeconds', sum(d.double_time_seconds), 'premiumSeconds', sum(d.premium_seconds), 'breakSeconds', sum(d.break_seconds),
      'lateSeconds', sum(d.late_seconds), 'earlyLeaveSeconds', sum(d.early_seconds),
      'mealPremiumSeconds', coalesce(sum(d.meal_premium_seconds), 0)) AS sums
    FROM d GROUP BY d.employee_id),
  buckets AS (
    SELECT b.employee_id, jsonb_agg(jsonb_build_object('source', b.source, 'rate', b.rate, 'seconds', b.seconds)
      ORDER BY b.rate, b.source COLLATE "C") AS buckets
    FROM (SELECT p.employee_id, p.source, trim_scale(p.rate) AS rate, sum(p.seconds) AS seconds FROM (
        SELECT d.employee_id, b.source, b.rate, b.seconds FROM d
          CROSS JOIN LATERAL json_to_recordset(d.buckets) b (source text, rate numeric, seconds bigint)
        UNION ALL SELECT d.employee_id, 'regular', 1, d.plain_seconds FROM d WHERE d.plain_seconds IS NOT NULL) p
      GROUP BY 1, 2, 3) b
    GROUP BY b.employee_id),
  adjusted AS (
    SELECT a.employee_id, jsonb_agg(jsonb_build_object('id', a.id, 'workDate', a.work_date, 'origin', a.origin,
      'source', a.pay_source, 'rate', trim_scale(a.rate), 'seconds', a.seconds, 'reason', a.reason) ORDER BY a.work_date, a.id) AS adjustments
    FROM adjustments a WHERE a.employee_id = ANY ($4::uuid[]) AND ${adjustments} GROUP BY a.employee_id)
  SELECT u.id AS employee_id, u.employee_number, u.name AS employee_name, coalesce(s.days, 0) AS days,
    coalesce(s.sums, '{"approvedDays": 0, "scheduledSeconds": 0, "workedSeconds": 0, "payableSeconds": 0, "regularSeconds": 0,
      "overtimeSeconds": 0, "doubleTimeSeconds": 0, "premiumSeconds": 0, "breakSeconds": 0, "lateSeconds": 0, "earlyLeaveSeconds": 0,
      "mealPremiumSeconds": 0}') || jsonb_build_object('minutesAddUp', true, 'buckets', coalesce(b.buckets, '[]'), 'adjustments', coalesce(a.adjustments, '[]')) AS totals
  FROM unnest($4::uuid[]) WITH ORDINALITY e (id, n) JOIN users u ON u.tenant_id = $1 AND u.id = e.id
  LEFT JOIN sums s ON s.employee_id = u.id LEFT JOIN buckets b ON b.employee_id = u.id LEFT JOIN adjusted a ON a.employee_id = u.id`;

export const computeTotals = statement('pay_periods.compute_totals', `${totals} ORDER BY e.n`);

/** Freezes what the days and the adjustments of revision `$6` of period `$5` come to. */
export const freezeTotals = statement(
  'pay_periods.freeze_totals',
  `INSERT INTO pay_period_totals (tenant_id, period_id, revision, employee_id, employee_number, employee_name, days, totals)
   SELECT $1, $5, $6, t.* FROM (${totals}) t`,
);

/** A page of frozen totals of a revision (`$3`), of an org unit (`$4`) or of all, behind the person at `$5` `$6`. */
export const readFrozen = statement(
  'pay_periods.read_frozen',
  `SELECT t.employee_id, t.employee_number, t.employee_name, t.days, t.totals FROM pay_period_totals t
   WHERE t.tenant_id = $1 AND t.period_id = $2 AND t.revision = $3
     AND ($4::uuid IS NULL OR EXISTS (SELECT FROM users u WHERE u.tenant_id = t.tenant_id AND u.id = t.employee_id AND u.org_unit_id = $4))
     AND ($6::uuid IS NULL
       OR (t.employee_number IS NULL, coalesce(t.employee_number, '') COLLATE "C", t.employee_id) > ($5::text IS NULL, coalesce($5, '') COLLATE "C", $6))
   ORDER BY t.employee_number IS NULL, coalesce(t.employee_number, '') COLLATE "C", t.employee_id LIMIT $7`,
);
