import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import { assertVersion } from '../../http/input/if-match';
import { Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { scopeOf } from '../people/scope';
import type { ScheduleBatch } from './batch.schemas';
import { Publisher } from './publisher';
import { mustBeEmployed, mustBeOpen, mustBeOrdered, mustBePlannable, mustSuit } from './refusals';
import { type Schedule, scheduleResponse, scheduleToAudit } from './schedule';
import { entriesOfSuperseded, ScheduleLocks, scheduleEntry } from './schedule-locks';
import { type CreatedSchedule, ScheduleFactory } from './schedule-factory';
import type { NewSchedule, SchedulePatch } from './schedule.schemas';
import { SchedulesRepository } from './schedules.repository';
import { shiftResponse } from './shift';
import { ShiftsRepository } from './shifts.repository';

/** Making, changing, publishing and deleting schedules. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly writes: Writes,
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
    private readonly locks: ScheduleLocks,
    private readonly factory: ScheduleFactory,
    private readonly publisher: Publisher,
  ) {}

  create(by: Principal, { employeeId, shifts, publish, ...schedule }: NewSchedule): Write {
    return this.writes.change(async (tx) => {
      const request = { employeeIds: [employeeId], schedule, shifts, publish, replace: false, at: '' };
      const [made] = await this.factory.create(tx, by, request);
      if (!made) throw new Error('A schedule has no result');
      if (made instanceof Problem) throw made;
      const [after, stored] = await Promise.all([
        this.schedules.present(tx, by.tenantId, made.id),
        this.shifts.of(tx, by.tenantId, [made.id]),
      ]);
      const body = {
        ...scheduleResponse(after),
        ...(made.published ? { skippedClosedDays: made.published.skippedClosedDays } : {}),
        ...(stored.length === 0 ? {} : { shifts: stored.map(shiftResponse) }),
      };
      return {
        answer: { status: 201, body, location: `/api/schedules/${after.id}`, version: after.version },
        audit: made.audit,
      };
    });
  }

  /** The same schedule for up to a thousand people in one transaction; each stands or falls alone. */
  createBatch(by: Principal, { employeeIds, ...rest }: ScheduleBatch): Write {
    return this.writes.change(async (tx, { requestId }) => {
      const results = await this.factory.create(tx, by, { employeeIds, ...rest, at: '/schedule' });
      const audit = results.flatMap((result) => (result instanceof Problem ? [] : result.audit));
      const counts = { created: 0, refused: 0 };
      const rows = results.map((result, index) => {
        const row = rowOf(result, index, employeeIds[index] ?? '');
        counts[row.status]++;
        return row;
      });
      const nothing: AuditEntry = {
        entity: 'schedule',
        action: 'create',
        entityId: requestId,
        before: {},
        after: counts,
      };
      return { answer: { status: 200, body: { counts, results: rows } }, audit: audit.length > 0 ? audit : [nothing] };
    });
  }

  update(by: Principal, id: string, patch: SchedulePatch, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const locked = await this.locks.lock(tx, by, id);
      const before = locked.schedule;
      assertVersion('this schedule', before.version, expectedVersion);
      mustBeOpen(before);
      const to = amended(before, patch);
      mustBeOrdered(to);
      mustSuit(to.rotation, locked.shifts);
      mustBeEmployed(locked.employee, before, to);
      if (!isDeepStrictEqual(scheduleToAudit(before), scheduleToAudit(to)))
        await this.schedules.update(tx, by.tenantId, to);
      await this.locks.republish(tx, locked, { schedule: to, shifts: locked.shifts });
      const after = await this.schedules.present(tx, by.tenantId, id);
      return {
        answer: { status: 200, body: scheduleResponse(after), version: after.version },
        audit: [scheduleEntry('update', before, after)],
      };
    });
  }

  /** Deleting again changes nothing. */
  remove(by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const { schedule: before, employee } = await this.locks.lock(tx, by, id);
      assertVersion('this schedule', before.version, expectedVersion);
      if (before.status !== 'deleted') {
        const today = employee.zone.dayOf(await this.publisher.now(tx));
        await this.publisher.clear(tx, by.tenantId, id, today);
        await this.schedules.update(tx, by.tenantId, { ...before, status: 'deleted' });
      }
      const after = await this.schedules.present(tx, by.tenantId, id);
      return {
        answer: { status: 200, body: scheduleResponse(after), version: after.version },
        audit: [scheduleEntry('delete', before, after)],
      };
    });
  }

  /** Publishing again works the shifts out again, on the clock by which the person lives now. */
  publish(by: Principal, id: string, replace: boolean, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const locked = await this.locks.lock(tx, by, id);
      const before = locked.schedule;
      assertVersion('this schedule', before.version, expectedVersion);
      mustBeOpen(before);
      const employee = mustBePlannable(locked.employee, scopeOf(by), before);
      const step = before.status === 'draft' ? 1 : 0;
      const published = await this.locks.publish(tx, employee, locked, { replace, pointer: '', step });
      const after = await this.schedules.present(tx, by.tenantId, id);
      const body = { ...scheduleResponse(after), skippedClosedDays: published.skippedClosedDays };
      return {
        answer: { status: 200, body, version: after.version },
        audit: [scheduleEntry('publish', before, after), ...entriesOfSuperseded(published)],
      };
    });
  }
}

function amended(before: Schedule, patch: SchedulePatch): Schedule {
  return {
    ...before,
    name: patch.name ?? before.name,
    startDate: patch.startDate ?? before.startDate,
    endDate: patch.endDate === undefined ? before.endDate : (patch.endDate ?? undefined),
    rotation: patch.rotation === undefined ? before.rotation : (patch.rotation ?? undefined),
  };
}

function rowOf(result: CreatedSchedule | Problem, index: number, employeeId: string) {
  if (result instanceof Problem) {
    return { index, employeeId, status: 'refused' as const, code: result.code, detail: result.detail };
  }
  const skipped = result.published?.skippedClosedDays ?? [];
  return {
    index,
    employeeId,
    status: 'created' as const,
    scheduleId: result.id,
    ...(skipped.length === 0 ? {} : { skippedClosedDays: skipped }),
  };
}
