import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import type { Schedule, ScheduleStatus } from './schedule';
import { scheduleColumns, scheduleOf, type ScheduleRow } from './schedule-row';

const newIds = statement('schedules.new_ids', 'SELECT new_id() AS id FROM generate_series(1, $1::int)');
const byIds = statement(
  'schedules.by_ids',
  `SELECT ${scheduleColumns} FROM schedules s WHERE s.tenant_id = $1 AND s.id = ANY ($2::uuid[])`,
);
const page = statement(
  'schedules.page',
  `SELECT ${scheduleColumns} FROM schedules s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.employee_id
   WHERE s.tenant_id = $1 AND s.id < $2::uuid AND ($3::uuid IS NULL OR u.org_unit_id = $3) AND ($4::uuid IS NULL OR s.employee_id = $4)
     AND ($5::uuid IS NULL OR s.employee_id = $5) AND s.status = ANY ($6::text[])
     AND ($7::date IS NULL OR s.end_date IS NULL OR s.end_date >= $7) AND ($8::date IS NULL OR s.start_date <= $8)
   ORDER BY s.id DESC LIMIT $9`,
);
const publishedNear = statement(
  'schedules.published_near',
  `SELECT ${scheduleColumns} FROM unnest($2::uuid[], $3::date[], $4::date[]) e (id, low, high)
   JOIN schedules s ON s.tenant_id = $1 AND s.employee_id = e.id AND s.status = 'published'
     AND s.start_date <= e.high AND (s.end_date IS NULL OR s.end_date >= e.low)
   WHERE s.id <> ALL ($5::uuid[])`,
);
const insert = statement(
  'schedules.insert',
  `INSERT INTO schedules (tenant_id, id, employee_id, name, start_date, end_date, cycle_days, cycle_anchor, created_by)
   SELECT $1, e.id, e.employee_id, $4, $5::date, $6::date, $7::smallint, $8::date, $9
   FROM unnest($2::uuid[], $3::uuid[]) e (id, employee_id)`,
);
const update = statement(
  'schedules.update',
  `UPDATE schedules SET name = $3, start_date = $4::date, end_date = $5::date, cycle_days = $6::smallint, cycle_anchor = $7::date,
     status = $8, version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2`,
);

interface PageOfSchedules {
  readonly unitId: string | null;
  readonly userId: string | null;
  readonly employeeId?: string | undefined;
  readonly statuses: readonly ScheduleStatus[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Reads and changes the schedules of one tenant. */
@Injectable()
export class SchedulesRepository {
  /** Ids in the order of their making, for rows that are thought out before they are stored. */
  async newIds(tx: Transaction, count: number): Promise<string[]> {
    return (await tx.rows<{ id: string }>(newIds, [count])).map(({ id }) => id);
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<Schedule | undefined> {
    const row = await tx.row<ScheduleRow>(byIds, [tenantId, [id]]);
    return row && scheduleOf(row);
  }

  async present(tx: Transaction, tenantId: string, id: string): Promise<Schedule> {
    const schedule = await this.find(tx, tenantId, id);
    if (!schedule) throw new Error('A schedule disappeared in the hands of its writer');
    return schedule;
  }

  async page(
    tx: Transaction,
    tenantId: string,
    asked: PageOfSchedules,
    { after, limit }: PageBounds,
  ): Promise<Schedule[]> {
    const { unitId, userId, employeeId, statuses, from, to } = asked;
    const values = [tenantId, ...after, unitId, userId, employeeId ?? null, statuses, from ?? null, to ?? null, limit];
    return (await tx.rows<ScheduleRow>(page, values)).map(scheduleOf);
  }

  /** The published schedules of people that reach into a span of dates of each, without those named. */
  async publishedNear(
    tx: Transaction,
    tenantId: string,
    near: {
      employeeIds: readonly string[];
      low: readonly string[];
      high: readonly string[];
      except: readonly string[];
    },
  ): Promise<Schedule[]> {
    const values = [tenantId, near.employeeIds, near.low, near.high, near.except];
    return (await tx.rows<ScheduleRow>(publishedNear, values)).map(scheduleOf);
  }

  /** Stores drafts that differ in their id and their person alone. */
  async insert(tx: Transaction, tenantId: string, drafts: readonly Schedule[], by: string): Promise<void> {
    const [like] = drafts;
    if (!like) return;
    const ids = drafts.map(({ id }) => id);
    const people = drafts.map(({ employeeId }) => employeeId);
    await tx.run(insert, [tenantId, ids, people, ...fieldsOf(like), by]);
  }

  async update(tx: Transaction, tenantId: string, to: Schedule): Promise<void> {
    await tx.run(update, [tenantId, to.id, ...fieldsOf(to), to.status]);
  }
}

function fieldsOf({ name, startDate, endDate, rotation }: Schedule): unknown[] {
  return [name, startDate, endDate ?? null, rotation?.cycleDays ?? null, rotation?.anchor ?? null];
}
