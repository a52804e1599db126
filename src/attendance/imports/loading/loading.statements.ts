import { statement } from '../../../database/statement';

/** The people that a file may mean: by number, by address or by id, as written. */
export const findPeople = statement(
  'imports.find_people',
  `SELECT u.id, u.employee_number, u.email FROM users u
   WHERE u.tenant_id = $1 AND (u.employee_number = ANY ($2::text[]) OR u.email = ANY ($3::text[]))`,
);

// A punch is a duplicate of one that counts, one that was corrected since (reading the old file again does not revert a correction), or one
// that waits in quarantine. Rows are looked up only between the first and the last recorded punch within their span: most files are about
// days without punches, and a file in order of time meets its own earlier chunks only at the border. Each row is looked up in the order
// that only one index can give, because the transaction forbids sorting. A planner that may choose reads all punches of the tenant for
// every chunk, or scans for a first match that never comes.
const edge = (direction: 'ASC' | 'DESC') => `SELECT p.occurred_at FROM punches p
       WHERE p.tenant_id = $1 AND p.occurred_at >= span.first AND p.occurred_at <= span.last
       ORDER BY p.occurred_at ${direction}, p.id ${direction} LIMIT 1`;
const lookup = (
  name: string,
  which: string,
  at: string,
  order: string,
  type = 'p.type = d.type',
) => `LEFT JOIN LATERAL (
    SELECT p.type AS hit FROM punches p WHERE d.at >= known.earliest AND d.at <= known.latest
      AND p.tenant_id = $1 AND ${at} AND ${type} AND ${which}
    ORDER BY ${order} LIMIT 1) ${name} ON true`;
// A row of type 'unknown' is skipped if a punch with a direction exists at the same instant: it adds nothing. The other way round, the row
// with a direction is reported as a conflict, and somebody decides whether it replaces the punch of type 'unknown'.
const sameOrUnknown = "(p.type = d.type OR p.type = 'unknown' OR d.type = 'unknown')";
const ofPerson =
  '(p.employee_id, p.occurred_at) >= (d.employee_id, d.at) AND (p.employee_id, p.occurred_at) <= (d.employee_id, d.at)';
const ofInstant = 'p.occurred_at >= d.at AND p.occurred_at <= d.at AND p.employee_id = d.employee_id';
const fresh = `d AS MATERIALIZED (
     SELECT u.line, u.employee_id, u.type, to_timestamp(u.at) AS at, u.device_id, u.status
     FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::float8[], $6::text[], $7::text[]) u (line, employee_id, type, at, device_id, status)),
   span AS MATERIALIZED (SELECT min(d.at) AS first, max(d.at) AS last FROM d),
   known AS MATERIALIZED (SELECT (${edge('ASC')}) AS earliest, (${edge('DESC')}) AS latest FROM span),
   fresh AS MATERIALIZED (
     SELECT DISTINCT ON (d.employee_id, d.type, d.at) d.*, existing.hit AS conflicts_with FROM d CROSS JOIN known
     ${lookup('existing', "p.status = 'active'", ofPerson, 'p.employee_id, p.occurred_at, p.type_rank, p.seq', sameOrUnknown)}
     ${lookup('corrected', "p.status IN ('accepted', 'superseded', 'deleted')", ofPerson, 'p.employee_id, p.occurred_at')}
     ${lookup('waiting', "p.status = 'quarantined' AND d.status = 'quarantined'", ofInstant, 'p.occurred_at, p.id')}
     WHERE (existing.hit IS NULL OR (existing.hit = 'unknown' AND d.type <> 'unknown')) AND corrected.hit IS NULL AND waiting.hit IS NULL
     ORDER BY d.employee_id, d.type, d.at, d.line)`;

const conflicts = '(SELECT json_agg(f.line) FROM fresh f WHERE f.conflicts_with IS NOT NULL) AS conflicts';

/** One array each of lines, people, types, instants (epoch seconds), devices and statuses. Answers how many were created, and the lines in conflict. */
export const insertImported = statement(
  'imports.insert_punches',
  `WITH ${fresh},
   made AS (
     INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, device_id, flags, status, created_by,
       import_batch_id, import_line)
     SELECT $1, new_id(), f.employee_id, f.type, f.at, now(), (extract(epoch FROM now() - f.at) * 1000)::bigint, 'import',
       f.device_id, '{}', f.status, $8, $9, f.line FROM fresh f WHERE f.conflicts_with IS NULL
     RETURNING status)
   SELECT count(*)::int AS created, count(*) FILTER (WHERE status = 'quarantined')::int AS quarantined, ${conflicts} FROM made`,
);
/** The same without doing it. */
export const countPunches = statement(
  'imports.count_punches',
  `WITH ${fresh}
   SELECT count(*)::int AS created, count(*) FILTER (WHERE status = 'quarantined')::int AS quarantined, ${conflicts}
   FROM fresh WHERE conflicts_with IS NULL`,
);
export const insertErrors = statement(
  'imports.insert_errors',
  `INSERT INTO import_row_errors (tenant_id, batch_id, line, n, column_name, value, code, detail)
   SELECT $1, $2, e.l, e.n, e.c, e.v, e.k, e.d FROM json_to_recordset($3::json) e (l bigint, n int, c text, v text, k text, d text)
   ON CONFLICT ON CONSTRAINT import_row_errors_pkey DO NOTHING`,
);
