import { Injectable } from '@nestjs/common';
import { refusing } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problem';
import { type Holiday, holidayColumns, holidayOf, type HolidayRow } from './holiday';
import type { NewHoliday } from './holiday.schemas';
import type { Stretch } from '../dates/paging';

const byId = (lock: string) => `SELECT ${holidayColumns} FROM holidays h WHERE h.tenant_id = $1 AND h.id = $2 ${lock}`;
const find = statement('calendar.holiday', byId(''));
const lock = statement('calendar.holiday_lock', byId('FOR UPDATE'));
const page = statement(
  'calendar.holidays',
  `SELECT ${holidayColumns} FROM holidays h
   WHERE h.tenant_id = $1 AND h.work_date BETWEEN $2::date AND $3::date
     AND ($4::uuid IS NULL OR h.org_unit_id = $4 OR h.org_unit_id IS NULL) AND (h.work_date, h.id) > ($5::date, $6::uuid)
   ORDER BY h.work_date, h.id LIMIT $7`,
);
const insert = statement(
  'calendar.holiday_insert',
  `INSERT INTO holidays AS h (tenant_id, work_date, name, org_unit_id) VALUES ($1, $2::date, $3, $4::uuid) RETURNING ${holidayColumns}`,
);
const insertFree = statement(
  'calendar.holidays_insert',
  `INSERT INTO holidays AS h (tenant_id, work_date, name, org_unit_id)
   SELECT $1, r.work_date, r.name, r.org_unit_id FROM unnest($2::date[], $3::text[], $4::uuid[]) AS r (work_date, name, org_unit_id)
   ON CONFLICT ON CONSTRAINT holidays_date_unique DO NOTHING RETURNING ${holidayColumns}`,
);
const update = statement(
  'calendar.holiday_update',
  `UPDATE holidays AS h SET work_date = $3::date, name = $4, org_unit_id = $5::uuid, version = version + 1, updated_at = now()
   WHERE h.tenant_id = $1 AND h.id = $2 RETURNING ${holidayColumns}`,
);
const remove = statement('calendar.holiday_delete', 'DELETE FROM holidays WHERE tenant_id = $1 AND id = $2');
// What closing a period takes alone: until the end of the transaction no other period is closed.
const keepOpen = statement('calendar.keep_open', 'SELECT pg_advisory_xact_lock_shared(period_lock_key($1::uuid))');
const closed = statement(
  'calendar.closed_dates',
  `SELECT d.day::text AS date FROM unnest($2::date[]) AS d (day) WHERE EXISTS (SELECT FROM pay_periods p
     WHERE p.tenant_id = $1 AND p.status = 'closed' AND d.day BETWEEN p.start_date AND p.end_date)`,
);
const mark = statement(
  'calendar.mark_holidays',
  `SELECT sum(mark_days($1::uuid, r.unit, r.day, r.day)) FROM unnest($2::uuid[], $3::date[]) AS r (unit, day)`,
);

/** Reads and changes the holidays of one tenant. */
@Injectable()
export class HolidaysRepository {
  async find(tx: Transaction, tenantId: string, id: string): Promise<Holiday | undefined> {
    const row = await tx.row<HolidayRow>(find, [tenantId, id]);
    return row && holidayOf(row);
  }

  async lock(tx: Transaction, tenantId: string, id: string): Promise<Holiday | undefined> {
    const row = await tx.row<HolidayRow>(lock, [tenantId, id]);
    return row && holidayOf(row);
  }

  async page(
    tx: Transaction,
    tenantId: string,
    asked: Stretch & { from: string; to: string; orgUnitId: string | undefined },
  ): Promise<Holiday[]> {
    const values = [tenantId, asked.from, asked.to, asked.orgUnitId ?? null, ...asked.after, asked.limit];
    return (await tx.rows<HolidayRow>(page, values)).map(holidayOf);
  }

  async insert(tx: Transaction, tenantId: string, { date, name, orgUnitId }: NewHoliday): Promise<Holiday> {
    const row = await refusing(tx.row<HolidayRow>(insert, [tenantId, date, name, orgUnitId ?? null]), taken);
    return present(row);
  }

  /** Those whose date is free, as they are now; a date that stands in the list twice is taken the second time. */
  async insertFree(tx: Transaction, tenantId: string, holidays: readonly NewHoliday[]): Promise<Holiday[]> {
    const columns = [holidays.map((each) => each.date), holidays.map((each) => each.name), holidays.map(unitOf)];
    return (await tx.rows<HolidayRow>(insertFree, [tenantId, ...columns])).map(holidayOf);
  }

  async update(tx: Transaction, tenantId: string, id: string, to: NewHoliday): Promise<Holiday> {
    const work = tx.row<HolidayRow>(update, [tenantId, id, to.date, to.name, to.orgUnitId ?? null]);
    return present(await refusing(work, taken));
  }

  async remove(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await tx.run(remove, [tenantId, id]);
  }

  /** Which of the dates lie in a closed period; the others stay open until the end of the transaction. */
  async closedAmong(tx: Transaction, tenantId: string, dates: readonly string[]): Promise<ReadonlySet<string>> {
    const [, rows] = await Promise.all([
      tx.run(keepOpen, [tenantId]),
      tx.rows<{ date: string }>(closed, [tenantId, dates]),
    ]);
    return new Set(rows.map(({ date }) => date));
  }

  /** Has the days on record of these dates computed again. */
  async mark(tx: Transaction, tenantId: string, holidays: readonly NewHoliday[]): Promise<void> {
    await tx.run(mark, [tenantId, holidays.map(unitOf), holidays.map(({ date }) => date)]);
  }
}

const unitOf = ({ orgUnitId }: NewHoliday) => orgUnitId ?? null;

function present(row: HolidayRow | undefined): Holiday {
  if (!row) throw new Error('A holiday disappeared under its lock');
  return holidayOf(row);
}

export function dateTaken(): Problem {
  return new Problem('date_taken', 'There is a holiday on this date already, for the same people. Change that one.', {
    errors: [{ pointer: '/date', code: 'date_taken', detail: 'is taken; change the holiday that is there' }],
  });
}

const taken = { holidays_date_unique: dateTaken };
