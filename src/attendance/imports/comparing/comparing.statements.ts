import { statement } from '../../../database/statement';

/**
 * Locks the people whose punches are compared, so that their own punches and corrections wait. In the order of their ids and before the
 * lock of the pay periods, as recording does.
 */
export const lockPeople = statement(
  'imports.lock_people',
  `SELECT count(*)::int AS n FROM unnest($2::uuid[]) WITH ORDINALITY e (id, n)
   CROSS JOIN LATERAL (SELECT u.id FROM users u WHERE u.tenant_id = $1 AND u.id = e.id FOR NO KEY UPDATE) u`,
);

/**
 * Makes the planner fetch rows by their ctid instead of an index. An update has no ORDER BY that only one index could give, and a planner
 * that believes a tenant to be small would read all of its punches.
 */
export const byPlace = statement('imports.by_place', `SELECT set_config('cpu_index_tuple_cost', '1000', true)`);

const columns = 'p.id, p.employee_id, p.type, p.occurred_at, p.status, p.superseded_by, p.import_batch_id';
const within = '(p.employee_id, p.occurred_at) >= (r.id, r.low) AND (p.employee_id, p.occurred_at) <= (r.id, r.high)';
const shown = `p.id, p.employee_id, p.type, extract(epoch FROM p.occurred_at)::float8 AS at, p.status, p.superseded_by,
  p.import_batch_id IS NOT NULL AND p.import_batch_id IS NOT DISTINCT FROM $5::uuid AS own`;

/**
 * The punches of people between a first and a last instant (epoch seconds, both included), superseded and deleted ones too. Each part is
 * ordered as only one index can give it.
 */
export const readKnown = statement(
  'imports.read_known',
  `WITH r AS MATERIALIZED (
     SELECT u.id, to_timestamp(u.low) AS low, to_timestamp(u.high) AS high FROM unnest($2::uuid[], $3::float8[], $4::float8[]) u (id, low, high))
   SELECT ${shown}, p.status = 'superseded' AND (SELECT true FROM import_replaced i
       WHERE i.tenant_id = $1 AND i.punch_id >= p.id AND i.punch_id <= p.id AND i.superseded_by = p.superseded_by
       ORDER BY i.punch_id LIMIT 1) IS TRUE AS replaced
   FROM r CROSS JOIN LATERAL (
     (SELECT ${columns} FROM punches p WHERE p.tenant_id = $1 AND p.status = 'active' AND ${within}
       ORDER BY p.employee_id, p.occurred_at, p.type_rank, p.seq OFFSET 0)
     UNION ALL
     (SELECT ${columns} FROM punches p WHERE p.tenant_id = $1 AND p.status IN ('accepted', 'superseded', 'deleted') AND ${within}
       ORDER BY p.employee_id, p.occurred_at OFFSET 0)) p`,
);

/** The punches of some people in quarantine, within one interval. Asked only if a row lies in a closed period. */
export const readWaiting = statement(
  'imports.read_waiting',
  `SELECT ${shown}, false AS replaced FROM punches p
   WHERE p.tenant_id = $1 AND p.status = 'quarantined' AND p.employee_id = ANY ($2::uuid[])
     AND p.occurred_at >= to_timestamp($3::float8) AND p.occurred_at <= to_timestamp($4::float8)
   ORDER BY p.occurred_at, p.id`,
);

/** Stores the days that an overriding batch reports. Answers those that it reports for the first time. */
export const recordReportedDays = statement(
  'imports.record_reported_days',
  `INSERT INTO import_days (tenant_id, batch_id, employee_id, work_date)
   SELECT $1, $2, d.id, d.day FROM unnest($3::uuid[], $4::date[]) d (id, day)
   ON CONFLICT ON CONSTRAINT import_days_pkey DO NOTHING RETURNING employee_id, work_date::text AS day`,
);

/**
 * New punches and those that they replace, both as JSON. What goes keeps its pre-image; what comes is there at the end of the same
 * statement, so the one may point at the other. The rows that go are found by key, and changed at the
 * very place where they were found.
 */
export const replacePunches = statement(
  'imports.replace_punches',
  `WITH n AS MATERIALIZED (
     SELECT n.*, to_timestamp(n.at) AS instant FROM json_to_recordset($4::json)
       n (id uuid, line bigint, employee uuid, type text, at float8, device text, status text, replaces uuid)),
   made AS (
     INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, device_id, flags, status, created_by,
       import_batch_id, import_line, replaces)
     SELECT $1, n.id, n.employee, n.type, n.instant, now(), (extract(epoch FROM now() - n.instant) * 1000)::bigint, 'import', n.device, '{}',
       n.status, $3, $2, n.line, n.replaces FROM n),
   gone AS MATERIALIZED (
     SELECT o.id, o.line, o.by, q.place, q.reason FROM json_to_recordset($5::json) o (id uuid, line bigint, by uuid)
     CROSS JOIN LATERAL (SELECT q.ctid AS place, q.reason FROM punches q
       WHERE q.tenant_id = $1 AND q.id >= o.id AND q.id <= o.id AND q.status = 'active' ORDER BY q.tenant_id, q.id LIMIT 1) q),
   kept AS (
     INSERT INTO import_replaced (tenant_id, batch_id, punch_id, line, superseded_by, reason)
     SELECT $1, $2, g.id, g.line, g.by, g.reason FROM gone g),
   changed AS (
     UPDATE punches p SET status = 'superseded', reason = 'Replaced by an import', version = p.version + 1,
       superseded_by = (ARRAY(SELECT g.by FROM gone g))[array_position(ARRAY(SELECT g.id FROM gone g), p.id)]
     WHERE p.tenant_id = $1 AND p.ctid = ANY (ARRAY(SELECT g.place FROM gone g)) AND p.status = 'active' RETURNING p.id)
   SELECT count(*)::int AS replaced FROM changed`,
);
