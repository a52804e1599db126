import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import { periodClosed } from '../../database/failures';
import { validationFailed } from '../../http/input/schema.pipe';
import type { Problem } from '../../http/problems/problem';
import { withoutNulls } from '../../http/input/without-nulls';
import { EditedResourceService } from '../../writes/edited-resource.service';
import { withoutFaults } from '../../writes/each-alone';
import type { Write } from '../../writes/write';
import { byDate } from '../dates/dated-page';
import type { Holiday } from './holiday.entity';
import type { HolidayBatch, HolidayPatch, HolidayQuery, NewHoliday } from './holiday.schemas';
import { dateTaken, type HolidayFields, HolidaysRepository } from './holidays.repository';

const toResponse = ({ id, date, name, orgUnitId, version, createdAt, updatedAt }: HolidayFields) =>
  withoutNulls({ id, date, name, orgUnitId, version, createdAt, updatedAt });
const toAudit = ({ date, name, orgUnitId }: NewHoliday) => ({ date, name, orgUnitId });
const keyOf = ({ date, orgUnitId }: { readonly date: string; readonly orgUnitId?: string | null }) =>
  `${date} ${orgUnitId ?? ''}`;

const said = ({ code, detail }: Problem) => ({ code, detail });

/** Holidays. Whoever changes one has the days on record of its date computed again, in the same transaction. */
@Injectable()
export class HolidaysService extends EditedResourceService<
  Holiday,
  ReturnType<typeof toResponse>,
  NewHoliday | HolidayPatch,
  HolidayQuery
> {
  constructor(private readonly holidays: HolidaysRepository) {
    super(holidays, {
      entity: 'holiday',
      path: '/api/attendance/holidays',
      order: byDate,
      valuesOf: (body) => body,
      toResponse,
      toAudit,
      afterChange: async (tx, rows) => {
        await holidays.mark(tx, rows);
        return undefined;
      },
    });
  }

  /** A year at once; one result for each in the order sent, and what is refused leaves the others standing. */
  createBatch({ holidays: items }: HolidayBatch): Write {
    const holidays = withoutFaults(items);
    return this.writes.change(async (tx) => {
      const closed = await this.holidays.closedAmong(tx, holidays);
      const made = await this.holidays.insertFree(
        tx,
        holidays.filter(({ date }) => !closed.has(date)),
      );
      await this.holidays.mark(tx, made);
      const waiting = new Map(made.map((holiday) => [keyOf(holiday), holiday.id]));
      const results = items.map((each, index) => {
        if ('fault' in each) return { index, status: 'refused', ...said(validationFailed([each.fault])) };
        const id = waiting.get(keyOf(each));
        waiting.delete(keyOf(each));
        if (id !== undefined) return { index, status: 'created', id };
        return { index, status: 'refused', ...said(closed.has(each.date) ? periodClosed() : dateTaken()) };
      });
      const counts = { created: made.length, refused: items.length - made.length };
      // A batch that created nothing leaves evidence all the same.
      const nothing: AuditEntry = { entity: 'holiday', action: 'create', entityId: 'batch', before: {}, after: counts };
      const entries = made.map((each) => this.entry('create', undefined, toResponse(each)));
      return { answer: { status: 200, body: { counts, results } }, audit: made.length > 0 ? entries : [nothing] };
    });
  }
}
