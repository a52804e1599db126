import type { Reply } from '../support/client';
import { tenantForEachTest, whileRunning } from '../support/scene';
import type { TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';

const HOUR = 3600;

/** What a day on record is made of, as far as a test says it. */
export interface DayOptions {
  readonly seconds?: number;
  readonly buckets?: readonly { source: string; rate: number; seconds: number }[];
  readonly approved?: boolean;
  readonly due?: boolean;
}

export const march = { startDate: '2026-03-01', endDate: '2026-03-31' };

/** A day of somebody, written straight into the database: who computes days is other tests' business. */
export async function aDay(server: TestServer, tenant: Tenant, who: Person, date: string, options: DayOptions = {}) {
  const { seconds = 8 * HOUR, approved = false, due = false } = options;
  const buckets = options.buckets ?? [{ source: 'regular', rate: 1, seconds }];
  const record = { date, buckets, mealPremiumSeconds: 0 };
  await server.database.sql(
    `INSERT INTO day_records (tenant_id, employee_id, work_date, content_hash, status, scheduled_seconds, worked_seconds, payable_seconds,
       regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, exceptions,
       buckets, record, due_at, approval)
     VALUES ($1, $2, $3, '\\x00', 'present', 28800, $4, $4, $4, 0, 0, 0, 1800, 0, 0, 0, $5::json->'buckets', $5, CASE WHEN $6 THEN now() + interval '1 hour' END, $7)`,
    [tenant.id, who.id, date, seconds, JSON.stringify(record), due, approved ? 'approved' : 'pending'],
  );
}

/** A period of the tenant, made by its administrator. */
export async function aPeriod(tenant: Tenant, body: Record<string, unknown> = march): Promise<string> {
  const reply = await tenant.admin.api.post('/api/pay-periods', body);
  if (reply.status !== 201) throw new Error(reply.text);
  return (reply.body as { id: string }).id;
}

export const close = (by: Person, id: string, body: Record<string, unknown> = {}): Promise<Reply> =>
  by.api.post(`/api/pay-periods/${id}/close`, body);

/** For the tests of a file: each has a tenant with somebody of payroll, and Anna and Ben, who are paid. */
export function payday() {
  const { server, tenant: acme } = tenantForEachTest();
  let payroll: Person | undefined;
  let anna: Person | undefined;
  let ben: Person | undefined;
  beforeEach(async () => {
    payroll = await acme.person({ role: 'payroll' });
    anna = await acme.person({ name: 'Anna "the first", Example' });
    ben = await acme.person({ name: '=Ben' });
    await server.database.sql(
      `UPDATE users SET employee_number = CASE id WHEN $2 THEN '007' ELSE '1000' END WHERE tenant_id = $1 AND id IN ($2, $3)`,
      [acme.id, anna.id, ben.id],
    );
  });

  const book = async (who: Person, body: Record<string, unknown> = {}) =>
    (
      await acme.admin.api.post('/api/adjustments', {
        employeeId: who.id,
        date: '2026-02-27',
        minutes: -30,
        reason: 'Paid twice',
        ...body,
      })
    ).body as { id: string };
  return {
    server,
    acme,
    payroll: whileRunning(() => payroll),
    anna: whileRunning(() => anna),
    ben: whileRunning(() => ben),
    book,
  };
}

/** A closed March. */
export async function closedMarch(tenant: Tenant): Promise<string> {
  const id = await aPeriod(tenant);
  const reply = await close(tenant.admin, id);
  if (reply.status !== 200) throw new Error(reply.text);
  return id;
}

/** Entries of the ledger that a request left. */
export const entriesOf = (server: TestServer, reply: Reply) =>
  server.database.sql<{ entity: string; action: string; changes: { before: unknown; after: Record<string, unknown> } }>(
    'SELECT entity, action, changes FROM audit_logs WHERE request_id = $1 ORDER BY id',
    [reply.headers.get('x-request-id')],
  );

export const codeOf = ({ status, body }: Reply): [number, string | undefined] => [
  status,
  (body as { code?: string } | undefined)?.code,
];
