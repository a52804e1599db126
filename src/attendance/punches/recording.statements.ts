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
  `SELECT e.n, u.status, u.org_unit_id FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY e (tenant_id, id, n)
   CROSS JOIN LATERAL (SELECT u.status, u.org_unit_id FROM users u
     WHERE u.tenant_id = e.tenant_id AND u.id = e.id FOR NO KEY UPDATE) u`,
);

/** The settings of the tenants, and the time of receipt for the whole group. */
export const readTenants = statement(
  'punches.read_tenants',
  `SELECT k.id, t.settings, now() AS now FROM unnest($1::uuid[]) k (id)
   CROSS JOIN LATERAL (SELECT t.settings FROM tenants t WHERE t.id = k.id LIMIT 1) t`,
);

/** Nobody sets the too-soon guard above an hour, so neighbours further away than this are never asked for. */
export const WIDEST_GUARD_SECONDS = 3600;

const inOrder = 'p.occurred_at, p.type_rank, p.seq';
const backwards = 'p.occurred_at DESC, p.type_rank DESC, p.seq DESC';
const ofEmployee = "p.tenant_id = d.tenant_id AND p.employee_id = d.employee_id AND p.status = 'active'";

/** For each punch: its predecessor, the nearest of its type on both sides (whole, when at the same instant), and its namesake. */
export const readNeighbours = statement(
  'punches.read_neighbours',
  `WITH d AS MATERIALIZED (
     SELECT n, tenant_id, employee_id, type, type_rank, dedupe_key, at, at - interval '${WIDEST_GUARD_SECONDS} s' AS low,
       at + interval '${WIDEST_GUARD_SECONDS} s' AS high
     FROM (SELECT u.n, u.tenant_id, u.employee_id, u.type, u.type_rank, u.dedupe_key, coalesce(u.at, now()) AS at
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::timestamptz[], $6::text[])
         WITH ORDINALITY u (tenant_id, employee_id, type, type_rank, at, dedupe_key, n)) u)
   SELECT d.n, previous.type AS previous_type, previous.occurred_at AS previous_at, before.occurred_at AS before_at,
     CASE WHEN before.occurred_at = d.at THEN row_to_json(before) END AS twin, after.occurred_at AS after_at, same.same
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
   LEFT JOIN LATERAL (SELECT row_to_json(p) AS same FROM (SELECT ${punchColumns} FROM punches p
     WHERE p.tenant_id = d.tenant_id AND p.dedupe_key >= d.dedupe_key AND p.dedupe_key <= d.dedupe_key
     ORDER BY p.tenant_id, p.dedupe_key LIMIT 1) p) same ON d.dedupe_key IS NOT NULL`,
);

/** One array for each column, in this order. */
export const insertPunches = statement(
  'punches.insert',
  `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id,
     shift_id, latitude, longitude, client_punch_id, dedupe_key, flags, created_by)
   SELECT p.tenant_id, p.id, p.employee_id, p.type, p.occurred_at, p.received_at, p.device_offset_minutes, p.skew_ms, p.source,
     p.device_id, p.shift_id, p.latitude, p.longitude, p.client_punch_id, p.dedupe_key, string_to_array(p.flags, ','), p.created_by
   FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::smallint[], $8::bigint[],
     $9::text[], $10::text[], $11::uuid[], $12::float8[], $13::float8[], $14::text[], $15::text[], $16::text[], $17::uuid[])
     AS p (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id, shift_id,
       latitude, longitude, client_punch_id, dedupe_key, flags, created_by)`,
);
