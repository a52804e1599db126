import { DayClock } from '../../src/attendance/days/day-clock';
import { DayWorker } from '../../src/attendance/days/day-worker';
import { zoneNamed } from '../../src/attendance/rules/time/zone';
import type { Reply } from '../support/client';
import { tenantForEachTest, whileRunning } from '../support/scene';
import type { TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';

/** Somebody's days in a test: told in local times, computed when the test says so. */
export class Days {
  constructor(
    readonly server: TestServer,
    readonly tenant: Tenant,
  ) {}

  /** Everything that is due or marked is computed. */
  async compute() {
    await this.server.app.get(DayClock, { strict: false }).markDue();
    return this.server.app.get(DayWorker, { strict: false }).drain();
  }

  /** `'in 2026-03-02T09:00'`: local times of `zone`, told by a terminal, so that no order is refused. */
  async punch(who: Person, zone: string, ...told: string[]): Promise<string[]> {
    const punches = told.map((each) => {
      const [type = '', local = ''] = each.split(' ');
      return { employeeId: who.id, type, timestamp: instantOf(local, zone) };
    });
    const reply = await this.tenant.admin.api.post('/api/punches/batch', { punches });
    expect(reply.body.counts).toMatchObject({ created: punches.length });
    return (reply.body.results as { id: string }[]).map(({ id }) => id);
  }

  /** A shift on a date, as planning would have left it. */
  async shift(who: Person, zone: string, date: string, hours: string, shiftId = crypto.randomUUID()): Promise<void> {
    const [from = '', to = ''] = hours.split('-');
    const start = instantOf(`${date}T${from}`, zone);
    const end = instantOf(`${to <= from ? nextDate(date) : date}T${to}`, zone);
    await this.server.database.sql(
      `WITH plan AS (INSERT INTO schedules (tenant_id, employee_id, name, start_date, created_by) VALUES ($1, $2, 'plan', $3, $2) RETURNING id)
       INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end,
         segments, local_start, local_end, break_seconds, due_at)
       SELECT $1, $2, plan.id, $4, $3, $5::timestamptz, $6::timestamptz, $5::timestamptz - interval '1 hour', $6::timestamptz + interval '2 hours',
         ARRAY[extract(epoch FROM $5::timestamptz), extract(epoch FROM $6::timestamptz)]::bigint[], $7, $8, 0, $5::timestamptz FROM plan`,
      [this.tenant.id, who.id, date, shiftId, start, end, `${date}T${from}`, `${date}T${to}`],
    );
  }

  async policy(settings: Record<string, unknown>, effectiveFrom = '2020-01-01'): Promise<void> {
    await this.server.database.sql(
      `INSERT INTO attendance_policies (tenant_id, name, effective_from, settings, created_by) VALUES ($1, 'rules', $2, $3, $4)`,
      [this.tenant.id, effectiveFrom, JSON.stringify(settings), this.tenant.admin.id],
    );
  }

  day(who: Person, date: string, by: Person = this.tenant.admin): Promise<Reply> {
    return by.api.get(`/api/attendance/days/${who.id}/${date}`);
  }

  /** Every byte on record that a computation writes. */
  records(): Promise<Record<string, unknown>[]> {
    return this.server.database.sql(
      `SELECT employee_id, work_date::text, encode(content_hash, 'hex') AS hash, record::text, due_at FROM day_records WHERE tenant_id = $1 ORDER BY 1, 2`,
      [this.tenant.id],
    );
  }
}

export const berlin = 'Europe/Berlin';

/** For the tests of a file: each has a tenant that has always been in Berlin, and its days. */
export function daysInBerlin(...how: Parameters<typeof tenantForEachTest>) {
  const { server, tenant: acme } = tenantForEachTest(...how);
  let days: Days | undefined;
  beforeEach(async () => {
    days = new Days(server, acme);
    await server.database.sql(`UPDATE tenants SET time_zone = $2 WHERE id = $1`, [acme.id, berlin]);
    await server.database.sql(`DELETE FROM time_zone_history WHERE tenant_id = $1`, [acme.id]);
  });
  return { server, acme, days: whileRunning(() => days) };
}

export function instantOf(local: string, zone: string): string {
  const seconds = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`) / 1000;
  return new Date(zoneNamed(zone).resolve(seconds).earlier * 1000).toISOString();
}

function nextDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
