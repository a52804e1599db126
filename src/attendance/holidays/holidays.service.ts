import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/entry';
import type { Principal } from '../../auth/principal';
import { periodClosed } from '../../database/failures';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/cursor';
import { mustBeVersion } from '../../http/if-match';
import { notFound } from '../../http/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { always } from '../dates/fields';
import { type Holiday, told } from './holiday';
import type { HolidayBatch, HolidayPatch, HolidayQuery, NewHoliday } from './holiday.schemas';
import { dateTaken, HolidaysRepository } from './holidays.repository';
import { pageOf, stretchOf } from '../dates/paging';

/** Holidays. Whoever changes one has the days on record of its date computed again, in the same transaction. */
@Injectable()
export class HolidaysService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly holidays: HolidaysRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: HolidayQuery) {
    const scope = { tenantId: by.tenantId, route: 'holidays', filters };
    const stretch = stretchOf(this.cursors, scope, cursor, limit);
    const { from = always.from, to = always.to, orgUnitId } = filters;
    const found = await this.work.read(by.tenantId, (tx) =>
      this.holidays.page(tx, by.tenantId, { ...stretch, from, to, orgUnitId }),
    );
    return pageOf(this.cursors, scope, found, limit, ({ date }) => date);
  }

  async get(by: Principal, id: string): Promise<Holiday> {
    const holiday = await this.work.read(by.tenantId, (tx) => this.holidays.find(tx, by.tenantId, id));
    if (!holiday) throw notFound('holiday');
    return holiday;
  }

  create({ tenantId }: Principal, body: NewHoliday): Write {
    return this.writes.change(async (tx) => {
      const holiday = await this.holidays.insert(tx, tenantId, body);
      await this.holidays.mark(tx, tenantId, [holiday]);
      const location = `/api/attendance/holidays/${holiday.id}`;
      return {
        answer: { status: 201, body: holiday, location, version: holiday.version },
        audit: [entry('create', holiday.id, undefined, holiday)],
      };
    });
  }

  /** A year at once; one result for each in the order sent, and what is refused leaves the others standing. */
  createBatch({ tenantId }: Principal, { holidays }: HolidayBatch): Write {
    return this.writes.change(async (tx) => {
      const closed = await this.holidays.closedAmong(
        tx,
        tenantId,
        holidays.map(({ date }) => date),
      );
      const open = holidays.filter(({ date }) => !closed.has(date));
      const made = open.length === 0 ? [] : await this.holidays.insertFree(tx, tenantId, open);
      if (made.length > 0) await this.holidays.mark(tx, tenantId, made);
      const waiting = new Map(made.map((holiday) => [keyOf(holiday), holiday]));
      const results = holidays.map((each, index) => {
        const holiday = waiting.get(keyOf(each));
        waiting.delete(keyOf(each));
        if (holiday) return { index, status: 'created', id: holiday.id };
        const { code, detail } = closed.has(each.date) ? periodClosed() : dateTaken();
        return { index, status: 'refused', code, detail };
      });
      const counts = { created: made.length, refused: holidays.length - made.length };
      // A batch that created nothing leaves evidence all the same.
      const nothing: AuditEntry = { entity: 'holiday', action: 'create', entityId: 'batch', before: {}, after: counts };
      return {
        answer: { status: 200, body: { counts, results } },
        audit: made.length > 0 ? made.map((each) => entry('create', each.id, undefined, each)) : [nothing],
      };
    });
  }

  update(by: Principal, id: string, patch: HolidayPatch, expectedVersion?: number): Write {
    const { tenantId } = by;
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, tenantId, id, expectedVersion);
      const orgUnitId = patch.orgUnitId === undefined ? before.orgUnitId : (patch.orgUnitId ?? undefined);
      const to = { date: patch.date ?? before.date, name: patch.name ?? before.name, orgUnitId };
      const after = await this.holidays.update(tx, tenantId, id, to);
      await this.holidays.mark(tx, tenantId, [before, after]);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [entry('update', id, before, after)],
      };
    });
  }

  remove(by: Principal, id: string, expectedVersion?: number): Write {
    const { tenantId } = by;
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, tenantId, id, expectedVersion);
      await this.holidays.remove(tx, tenantId, id);
      await this.holidays.mark(tx, tenantId, [before]);
      return { answer: { status: 200, body: before }, audit: [entry('delete', id, before)] };
    });
  }

  private async locked(tx: Transaction, tenantId: string, id: string, expectedVersion?: number): Promise<Holiday> {
    const holiday = await this.holidays.lock(tx, tenantId, id);
    if (!holiday) throw notFound('holiday');
    mustBeVersion('this holiday', holiday.version, expectedVersion);
    return holiday;
  }
}

const keyOf = ({ date, orgUnitId }: NewHoliday) => `${date} ${orgUnitId ?? ''}`;

function entry(action: AuditEntry['action'], id: string, before?: Holiday, after?: Holiday): AuditEntry {
  return {
    entity: 'holiday',
    action,
    entityId: id,
    ...(before ? { before: told(before) } : {}),
    ...(after ? { after: told(after) } : {}),
  };
}
