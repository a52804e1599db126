import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { assertVersion } from '../../http/input/if-match';
import { notFound } from '../../http/problems/problem';
import { validationFailed } from '../../http/input/schema.pipe';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { mustBeEmployedOnDate, mustBeOpen } from './refusals';
import { type LockedPlan, ScheduleLocks } from './schedule-locks';
import { SchedulesRepository } from './schedules.repository';
import { type Shift, type ShiftDraft, shiftResponse, shiftToAudit } from './shift';
import { amended, draftOf } from './shift-draft';
import type { NewShift, ShiftPatch } from './shift.schemas';
import { ShiftsRepository } from './shifts.repository';

const MOST_SHIFTS = 2000;

/** The shifts of a schedule. In a published one every change is checked and takes effect at once, for what has not begun. */
@Injectable()
export class ShiftsService {
  constructor(
    private readonly writes: Writes,
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
    private readonly locks: ScheduleLocks,
  ) {}

  add(by: Principal, scheduleId: string, body: NewShift): Write {
    return this.writes.change(async (tx) => {
      const locked = await this.open(tx, by, scheduleId);
      if (locked.shifts.length >= MOST_SHIFTS) {
        const detail = `would be shift number ${MOST_SHIFTS + 1}; begin another schedule`;
        throw validationFailed([{ pointer: '', code: 'too_big', detail }]);
      }
      const draft = draftOf(locked.schedule, body);
      mustBeEmployedOnDate(locked.employee, draft);
      const [id = ''] = await this.schedules.newIds(tx, 1);
      await this.shifts.insert(tx, by.tenantId, [draft], [{ id, scheduleId, draft: 0 }]);
      const after = await this.storeAndRepublish(tx, locked, id, pointerOf(draft));
      return {
        answer: {
          status: 201,
          body: shiftResponse(after),
          location: `/api/schedules/${scheduleId}/shifts/${id}`,
          version: after.version,
        },
        audit: [entry('create', locked, id, undefined, after)],
      };
    });
  }

  update(by: Principal, scheduleId: string, id: string, patch: ShiftPatch, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const locked = await this.open(tx, by, scheduleId);
      const before = present(locked, id);
      assertVersion('this shift', before.version, expectedVersion);
      const draft = amended(locked.schedule, before, patch);
      mustBeEmployedOnDate(locked.employee, draft);
      await this.shifts.update(tx, by.tenantId, id, draft);
      const after = await this.storeAndRepublish(tx, locked, id, pointerOf(draft));
      return {
        answer: { status: 200, body: shiftResponse(after), version: after.version },
        audit: [entry('update', locked, id, before, after)],
      };
    });
  }

  remove(by: Principal, scheduleId: string, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const locked = await this.open(tx, by, scheduleId);
      const before = present(locked, id);
      assertVersion('this shift', before.version, expectedVersion);
      await this.shifts.remove(tx, by.tenantId, id);
      await this.republish(tx, locked, '');
      return {
        answer: { status: 200, body: shiftResponse(before) },
        audit: [entry('delete', locked, id, before, undefined)],
      };
    });
  }

  private async open(tx: Transaction, by: Principal, scheduleId: string): Promise<LockedPlan> {
    const locked = await this.locks.lock(tx, by, scheduleId);
    mustBeOpen(locked.schedule);
    return locked;
  }

  /** The stored shift, after the whole plan has been checked with it. */
  private async storeAndRepublish(tx: Transaction, locked: LockedPlan, id: string, pointer: string): Promise<Shift> {
    const shifts = await this.republish(tx, locked, pointer);
    const after = shifts.find((shift) => shift.id === id);
    if (!after) throw new Error('A shift disappeared in its own transaction');
    return after;
  }

  /** Gives the schedule a new version. If it is published, it is checked and published again. */
  private async republish(tx: Transaction, locked: LockedPlan, pointer: string): Promise<readonly Shift[]> {
    const [, shifts] = await Promise.all([
      this.schedules.update(tx, tx.tenantId, locked.schedule),
      this.shifts.of(tx, tx.tenantId, [locked.schedule.id]),
    ]);
    await this.locks.republish(tx, locked, { schedule: locked.schedule, shifts }, pointer);
    return shifts;
  }
}

function present({ shifts }: LockedPlan, id: string): Shift {
  const shift = shifts.find((each) => each.id === id);
  if (!shift) throw notFound('shift');
  return shift;
}

const pointerOf = ({ segments }: ShiftDraft) => (segments.length > 1 ? '/segments' : '/startTime');

function entry(
  action: AuditEntry['action'],
  { schedule }: LockedPlan,
  id: string,
  before: ShiftDraft | undefined,
  after: ShiftDraft | undefined,
): AuditEntry {
  const toAudit = (shift: ShiftDraft) => ({ scheduleId: schedule.id, ...shiftToAudit(shift) });
  return {
    entity: 'shift',
    action,
    entityId: id,
    employeeId: schedule.employeeId,
    ...(before ? { before: toAudit(before) } : {}),
    ...(after ? { after: toAudit(after) } : {}),
  };
}
