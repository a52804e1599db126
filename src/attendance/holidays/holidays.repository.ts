import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository } from '../../database/orm/resource-repository';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { Problem } from '../../http/problems/problem';
import { inClosedPeriod, lockPeriodsShared } from '../closed-periods/closed-periods';
import { applyingIn, datedPage } from '../dates/dated-page';
import { Holiday } from './holiday.entity';
import type { HolidayQuery, NewHoliday } from './holiday.schemas';

const insertFree = statement(
  'holidays.insert_free',
  `INSERT INTO holidays AS h (tenant_id, work_date, name, org_unit_id)
   SELECT $1, r.work_date, r.name, r.org_unit_id FROM unnest($2::date[], $3::text[], $4::uuid[]) AS r (work_date, name, org_unit_id)
   ON CONFLICT ON CONSTRAINT holidays_date_unique DO NOTHING
   RETURNING h.id, h.work_date::text AS date, h.name, h.org_unit_id AS "orgUnitId", h.version, h.created_at AS "createdAt", h.updated_at AS "updatedAt"`,
);
const closed = statement(
  'holidays.closed',
  `SELECT d.day::text AS date FROM unnest($2::date[]) AS d (day) WHERE ${inClosedPeriod('$1', 'd.day')}`,
);
const mark = statement(
  'holidays.mark',
  `SELECT sum(mark_days($1::uuid, r.unit, r.day, r.day)) FROM unnest($2::uuid[], $3::date[]) AS r (unit, day)`,
);

/** A holiday without its tenant. */
export type HolidayFields = Omit<Holiday, 'tenantId'>;

@Injectable()
export class HolidaysRepository extends ResourceRepository<Holiday, HolidayQuery> {
  constructor(@InjectRepository(Holiday) holidays: Repository<Holiday>) {
    super(holidays, 'holiday', { holidays_date_unique: dateTaken });
  }

  page(tx: Transaction, filters: HolidayQuery, bounds: PageBounds): Promise<Holiday[]> {
    return datedPage(applyingIn(this.select(tx, 'holiday'), filters.orgUnitId), 'date', filters, bounds).getMany();
  }

  /** Those whose date is free, as they are now; a date that is twice in the list is taken the second time. */
  insertFree(tx: Transaction, holidays: readonly NewHoliday[]): Promise<HolidayFields[]> {
    const names = holidays.map(({ name }) => name);
    return tx.rows<HolidayFields>(insertFree, [tx.tenantId, datesOf(holidays), names, unitsOf(holidays)]);
  }

  /** Which of the dates lie in a closed pay period; the others stay open until the end of the transaction. */
  async closedAmong(tx: Transaction, holidays: readonly NewHoliday[]): Promise<ReadonlySet<string>> {
    lockPeriodsShared(tx);
    const rows = await tx.rows<{ date: string }>(closed, [tx.tenantId, datesOf(holidays)]);
    return new Set(datesOf(rows));
  }

  /** Has the days on record of these dates computed again. */
  async mark(tx: Transaction, holidays: readonly HolidayFields[]): Promise<void> {
    await tx.run(mark, [tx.tenantId, unitsOf(holidays), datesOf(holidays)]);
  }
}

const datesOf = (holidays: readonly { readonly date: string }[]) => holidays.map(({ date }) => date);
const unitsOf = (holidays: readonly { readonly orgUnitId?: string | null | undefined }[]) =>
  holidays.map(({ orgUnitId }) => orgUnitId ?? null);

export function dateTaken(): Problem {
  return new Problem('date_taken', 'There is a holiday on this date already, for the same people. Change that one.', {
    errors: [{ pointer: '/date', code: 'date_taken', detail: 'is taken; change the holiday that is there' }],
  });
}
