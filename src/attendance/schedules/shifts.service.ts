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
import { type HeldPlan, ScheduleKeeper } from './schedule-keeper';
import { SchedulesRepository } from './schedules.repository';
import { type Shift, type ShiftDraft, shownShift, toldShift } from './shift';
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
    private readonly keeper: ScheduleKeeper,
  ) {}

  add(by: Principal, scheduleId: string, body: NewShift): Write {
    return this.writes.change(async (tx) => {
      const held = await this.open(tx, by, scheduleId);
      if (held.shifts.length >= MOST_SHIFTS) {
        const detail = `would be shift number ${MOST_SHIFTS + 1}; begin another schedule`;
        throw validationFailed([{ pointer: '', code: 'too_big', detail }]);
      }
      const draft = draftOf(held.schedule, body);
      mustBeEmployedOnDate(held.employee, draft);
      const [id = ''] = await this.schedules.newIds(tx, 1);
      await this.shifts.insert(tx, by.tenantId, [draft], [{ id, scheduleId, draft: 0 }]);
      const after = await this.settle(tx, held, id, pointerOf(draft));
      return {
        answer: {
          status: 201,
          body: shownShift(after),
          location: `/api/schedules/${scheduleId}/shifts/${id}`,
          version: after.version,
        },
        audit: [entry('create', held, id, undefined, after)],
      };
    });
  }

  update(by: Principal, scheduleId: string, id: string, patch: ShiftPatch, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const held = await this.open(tx, by, scheduleId);
      const before = present(held, id);
      assertVersion('this shift', before.version, expectedVersion);
      const draft = amended(held.schedule, before, patch);
      mustBeEmployedOnDate(held.employee, draft);
      await this.shifts.update(tx, by.tenantId, id, draft);
      const after = await this.settle(tx, held, id, pointerOf(draft));
      return {
        answer: { status: 200, body: shownShift(after), version: after.version },
        audit: [entry('update', held, id, before, after)],
      };
    });
  }

  remove(by: Principal, scheduleId: string, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const held = await this.open(tx, by, scheduleId);
      const before = present(held, id);
      assertVersion('this shift', before.version, expectedVersion);
      await this.shifts.remove(tx, by.tenantId, id);
      await this.settled(tx, held, '');
      return {
        answer: { status: 200, body: shownShift(before) },
        audit: [entry('delete', held, id, before, undefined)],
      };
    });
  }

  private async open(tx: Transaction, by: Principal, scheduleId: string): Promise<HeldPlan> {
    const held = await this.keeper.hold(tx, by, scheduleId);
    mustBeOpen(held.schedule);
    return held;
  }

  /** The shift as it is stored, once the whole plan stands with it. */
  private async settle(tx: Transaction, held: HeldPlan, id: string, pointer: string): Promise<Shift> {
    const shifts = await this.settled(tx, held, pointer);
    const after = shifts.find((shift) => shift.id === id);
    if (!after) throw new Error('A shift disappeared in the hands of its writer');
    return after;
  }

  /** The schedule takes a new version, for what it says has changed; published, it is checked and worked out again. */
  private async settled(tx: Transaction, held: HeldPlan, pointer: string): Promise<readonly Shift[]> {
    const [, shifts] = await Promise.all([
      this.schedules.update(tx, tx.tenantId, held.schedule),
      this.shifts.of(tx, tx.tenantId, [held.schedule.id]),
    ]);
    await this.keeper.republish(tx, held, { schedule: held.schedule, shifts }, pointer);
    return shifts;
  }
}

function present({ shifts }: HeldPlan, id: string): Shift {
  const shift = shifts.find((each) => each.id === id);
  if (!shift) throw notFound('shift');
  return shift;
}

const pointerOf = ({ segments }: ShiftDraft) => (segments.length > 1 ? '/segments' : '/startTime');

function entry(
  action: AuditEntry['action'],
  { schedule }: HeldPlan,
  id: string,
  before: ShiftDraft | undefined,
  after: ShiftDraft | undefined,
): AuditEntry {
  const told = (shift: ShiftDraft) => ({ scheduleId: schedule.id, ...toldShift(shift) });
  return {
    entity: 'shift',
    action,
    entityId: id,
    employeeId: schedule.employeeId,
    ...(before ? { before: told(before) } : {}),
    ...(after ? { after: told(after) } : {}),
  };
}
