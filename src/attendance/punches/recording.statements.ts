import { statement } from '../../database/statement';
import { punchColumns } from './punch-row';

/**
 * The statements of a group of punches, each for any number of punches of any number of tenants.
 *
 * Each is driven by the list it is given: `unnest` outside, a LATERAL lookup inside, fenced by LIMIT or FOR so that the planner
 * cannot turn it round. Each lookup asks for the order of the one index it is meant to use, and the group transaction forbids
 * sorting, sequential, bitmap, hash and merge plans. So there is one plan, whatever the statistics say of a new tenant or an
 * empty table; test/punches/plans.db-spec.ts holds them to it, docs/decisions/0002-group-commit.md has the measurements.
 * Comparisons are against plain columns of the list, because row-level security lets only leakproof operators near an index.
 */

/** Locks the employees in the order given (tenant, id), so that two groups never wait for each other crosswise. */
export const lockEmployees = statement(
  'punches.lock_employees',
  `SELECT e.n, u.status, u.org_unit_id, u.time_zone, u.hired_on::text AS hired_on, u.left_on::text AS left_on
   FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY e (tenant_id, id, n)
   CROSS JOIN LATERAL (SELECT u.status, u.org_unit_id, u.time_zone, u.hired_on, u.left_on FROM users u
     WHERE u.tenant_id = e.tenant_id AND u.id = e.id FOR NO KEY UPDATE) u`,
);

/**
 * From here on no period of these tenants is closed until the group has committed; whoever closes one waits for us, or we for them. A
 * statement of its own, behind the locks of people (like the triggers of the migrations, which take it at the end) and before
 * `readTenants`, which so sees what was closed meanwhile.
 */
export const lockPeriodsOfGroup = statement(
  'punches.lock_periods',
  'SELECT pg_advisory_xact_lock_shared(period_lock_key(k.id)) FROM unnest($1::uuid[]) k (id)',
);

/** The settings of the tenants, up to which date something is closed, and the time of receipt for the whole group. */
export const readTenants = statement(
  'punches.read_tenants',
  `SELECT k.id, t.settings, t.time_zone, p.end_date::text AS closed_until, now() AS now FROM unnest($1::uuid[]) k (id)
   CROSS JOIN LATERAL (SELECT t.settings, t.time_zone FROM tenants t WHERE t.id = k.id LIMIT 1) t
   LEFT JOIN LATERAL (SELECT p.end_date FROM pay_periods p WHERE p.tenant_id = k.id AND p.status = 'closed'
     ORDER BY p.tenant_id DESC, p.end_date DESC LIMIT 1) p ON true`,
);

/** Whether each date is closed, and the punch that reported the same before and does not count. Periods do not overlap. */
export const checkDates = statement(
  'punches.check_dates',
  `SELECT d.n, coalesce(p.start_date <= d.day, false) AS closed, earlier.reported_before
   FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::text[], $5::timestamptz[])
     WITH ORDINALITY d (tenant_id, day, employee_id, type, at, n)
   LEFT JOIN LATERAL (SELECT p.start_date FROM pay_periods p
     WHERE p.tenant_id = d.tenant_id AND p.status = 'closed' AND p.end_date >= d.day
     ORDER BY p.tenant_id, p.end_date LIMIT 1) p ON true
   LEFT JOIN LATERAL (SELECT row_to_json(q) AS reported_before FROM (SELECT ${punchColumns} FROM punches p
     WHERE p.tenant_id = d.tenant_id AND p.occurred_at >= d.at AND p.occurred_at <= d.at AND p.employee_id = d.employee_id
       AND p.type = d.type AND p.status IN ('quarantined', 'accepted', 'void')
     ORDER BY p.tenant_id, p.occurred_at, p.id LIMIT 1) q) earlier ON true`,
);

/** Nobody sets the too-soon guard above an hour, so punches further away than this are never read. */
const WIDEST_GUARD_SECONDS = 3600;

const inOrder = 'p.occurred_at, p.type_rank, p.seq';
const backwards = 'p.occurred_at DESC, p.type_rank DESC, p.seq DESC';
const ofEmployee = "p.tenant_id = d.tenant_id AND p.employee_id = d.employee_id AND p.status = 'active'";

/** For each punch: its predecessor, the nearest of its type on both sides (whole, when at the same instant), and the one with its dedupe key. */
export const readAdjacent = statement(
  'punches.read_adjacent',
  `WITH d AS MATERIALIZED (
     SELECT n, tenant_id, employee_id, type, type_rank, dedupe_key, at, at - interval '${WIDEST_GUARD_SECONDS} s' AS low,
       at + interval '${WIDEST_GUARD_SECONDS} s' AS high
     FROM (SELECT u.n, u.tenant_id, u.employee_id, u.type, u.type_rank, u.dedupe_key, coalesce(u.at, now()) AS at
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::timestamptz[], $6::text[])
         WITH ORDINALITY u (tenant_id, employee_id, type, type_rank, at, dedupe_key, n)) u)
   SELECT d.n, previous.type AS previous_type, previous.occurred_at AS previous_at, before.occurred_at AS before_at,
     CASE WHEN before.occurred_at = d.at THEN row_to_json(before) END AS exact_duplicate, after.occurred_at AS after_at, same_key.dedupe_match
   FROM d
   LEFT JOIN LATERAL (SELECT p.type, p.occurred_at FROM punches p
     WHERE ${ofEmployee} AND p.occurred_at <= d.at AND (p.occurred_at < d.at OR p.type_rank <= d.type_rank)
     ORDER BY ${backwards} LIMIT 1) previous ON true
   LEFT JOIN LATERAL (SELECT ${punchColumns} FROM punches p
     WHERE ${ofEmployee} AND p.type = d.type AND p.occurred_at >= d.low AND p.occurred_at <= d.at
     ORDER BY ${backwards} LIMIT 1) before ON true
   LEFT JOIN LATERAL (SELECT p.occurred_at FROM punches p
     WHERE ${ofEmployee} AND p.type = d.type AND p.occurred_at > d.at AND p.occurred_at <= d.high
     ORDER BY ${inOrder} LIMIT 1) after ON true
   LEFT JOIN LATERAL (SELECT row_to_json(p) AS dedupe_match FROM (SELECT ${punchColumns} FROM punches p
     WHERE p.tenant_id = d.tenant_id AND p.dedupe_key >= d.dedupe_key AND p.dedupe_key <= d.dedupe_key
     ORDER BY p.tenant_id, p.dedupe_key LIMIT 1) p) same_key ON d.dedupe_key IS NOT NULL`,
);

/** One array for each column, in this order. Trigger `punches_recorded` marks the days. */
export const insertPunches = statement(
  'punches.insert',
  `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id,
     shift_id, latitude, longitude, accuracy_meters, client_punch_id, dedupe_key, flags, created_by, status)
   SELECT p.tenant_id, p.id, p.employee_id, p.type, p.occurred_at, p.received_at, p.device_offset_minutes, p.skew_ms, p.source,
     p.device_id, p.shift_id, p.latitude, p.longitude, p.accuracy_meters, p.client_punch_id, p.dedupe_key, string_to_array(p.flags, ','), p.created_by,
     p.status
   FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::smallint[], $8::bigint[],
     $9::text[], $10::text[], $11::uuid[], $12::float8[], $13::float8[], $14::float8[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::text[])
     AS p (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id, shift_id,
       latitude, longitude, accuracy_meters, client_punch_id, dedupe_key, flags, created_by, status)`,
);
