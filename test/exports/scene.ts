import type { TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';

export const path = '/api/attendance/export';

/** A file as it came. */
export async function exported(server: TestServer, who: Person, query: Record<string, string>) {
  const response = await fetch(`${server.url}${path}?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${who.token}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

/** Punches written straight into the database, a minute apart. */
export async function manyPunches(
  server: TestServer,
  tenant: Tenant,
  who: Person,
  count: number,
  from = '2026-03-02T08:00:00Z',
): Promise<void> {
  const { database } = server;
  await database.sql('SET session_replication_role = replica'); // loaded, not recorded: no marks, no checks
  await database.sql(
    `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
     SELECT $1, gen_random_uuid(), $2, CASE n % 2 WHEN 1 THEN 'in' ELSE 'out' END, $3::timestamptz + n * interval '1 minute', now(), 0, 'import', '{}', $2
     FROM generate_series(1, $4::int) n`,
    [tenant.id, who.id, from, count],
  );
  await database.sql('SET session_replication_role = DEFAULT');
  await database.sql('ANALYZE punches');
}

/** Connections in a transaction that wait for their client; those that were only met between two pages do not count. */
export async function held(server: TestServer): Promise<number> {
  const [row] = await server.database.sql<{ waiting: number; open: number }>(
    `SELECT count(*) FILTER (WHERE state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - interval '300 ms')::int AS waiting,
       count(*) FILTER (WHERE state LIKE 'idle in transaction%' OR query LIKE '%AS lines%' AND state = 'active')::int AS open
     FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  return row?.open === row?.waiting ? (row?.waiting ?? -1) : -1;
}
