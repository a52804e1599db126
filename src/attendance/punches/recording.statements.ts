import { statement } from '../../database/statement';
import { punchColumns } from './punch-row';

/**
 * The statements of a group of punches, each for any number of punches of any number of tenants.
 *
 * Every one of them is driven by the list it is given: `unnest` outside, a LATERAL lookup by a full key inside, fenced by
 * LIMIT or FOR so that the planner cannot turn it round. Together with the settings of the group transaction (no sequential,
 * hash or merge plans) there is one plan, whatever the statistics say. Row-level security is on: the policies of
 * rollcall_writer admit exactly the tenants of the group, and every lookup names its tenant besides.
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

export const readNeighbours = statement(
  'punches.read_neighbours',
  `SELECT d.n, p.type AS previous_type, p.occurred_at AS previous_at, q.near, s.same
   FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::timestamptz[], $6::text[])
     WITH ORDINALITY d (tenant_id, employee_id, type, type_rank, at, dedupe_key, n)
   LEFT JOIN LATERAL (SELECT p.type, p.occurred_at FROM punches p
     WHERE p.tenant_id = d.tenant_id AND p.employee_id = d.employee_id AND p.status = 'active'
       AND p.occurred_at <= coalesce(d.at, now()) AND (p.occurred_at < coalesce(d.at, now()) OR p.type_rank <= d.type_rank)
     ORDER BY p.occurred_at DESC, p.type_rank DESC, p.seq DESC LIMIT 1) p ON true
   LEFT JOIN LATERAL (SELECT row_to_json(p) AS near FROM (SELECT ${punchColumns} FROM punches p
     WHERE p.tenant_id = d.tenant_id AND p.employee_id = d.employee_id AND p.status = 'active' AND p.type = d.type
       AND p.occurred_at >= coalesce(d.at, now()) - interval '${WIDEST_GUARD_SECONDS} s'
       AND p.occurred_at <= coalesce(d.at, now()) + interval '${WIDEST_GUARD_SECONDS} s'
     ORDER BY abs(extract(epoch FROM p.occurred_at - coalesce(d.at, now()))) LIMIT 1) p) q ON true
   LEFT JOIN LATERAL (SELECT row_to_json(p) AS same FROM (SELECT ${punchColumns} FROM punches p
     WHERE p.tenant_id = d.tenant_id AND p.dedupe_key = d.dedupe_key LIMIT 1) p) s ON d.dedupe_key IS NOT NULL
   ORDER BY d.n`,
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
