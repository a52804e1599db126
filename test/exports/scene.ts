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
}

/** Connections that are in a transaction and wait for their client. */
export async function held(server: TestServer): Promise<number> {
  const [row] = await server.database.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
  );
  return row?.n ?? -1;
}

export async function until(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400 && !(await check()); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
}
