import type { Reply } from '../support/client';
import type { TestServer } from '../support/server';
import type { Tenant } from '../support/world';

export interface Entry extends Record<string, unknown> {
  readonly changes: { readonly before: Record<string, unknown> | null; readonly after: Record<string, unknown> | null };
}

/** The evidence that a request left. */
export const entriesOf = (server: TestServer, { headers }: Reply) =>
  server.database.sql<Entry>('SELECT * FROM audit_logs WHERE request_id = $1 ORDER BY id', [
    headers.get('x-request-id'),
  ]);

export const isoDay = (at: Date): string => at.toISOString().slice(0, 10);
/** The UTC date so many days from today. */
export const dayFrom = (days: number): string => isoDay(new Date(Date.now() + days * 86_400_000));

/** A day on record, as a computation would have left it. */
export async function record(server: TestServer, tenant: Tenant, employeeId: string, date: string): Promise<void> {
  await server.database.sql(
    `INSERT INTO day_records (tenant_id, employee_id, work_date, content_hash, status, scheduled_seconds, worked_seconds, payable_seconds,
       regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, exceptions, record)
     VALUES ($1, $2, $3, '', 'PRESENT', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}')`,
    [tenant.id, employeeId, date],
  );
}

/** The dates that are marked for this person, in order. */
export async function marked(server: TestServer, employeeId: string): Promise<string[]> {
  const rows = await server.database.sql<{ day: string }>(
    'SELECT DISTINCT day::text AS day FROM dirty_days WHERE employee_id = $1 ORDER BY 1',
    [employeeId],
  );
  return rows.map(({ day }) => day);
}

/** A pay period that has been closed. */
export async function closePeriod(server: TestServer, tenant: Tenant, from: string, to: string): Promise<void> {
  await server.database.sql(
    `INSERT INTO pay_periods (tenant_id, name, start_date, end_date, status, created_by) VALUES ($1, 'Closed', $2, $3, 'closed', $4)`,
    [tenant.id, from, to, tenant.admin.id],
  );
}
