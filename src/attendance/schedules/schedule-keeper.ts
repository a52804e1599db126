import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { notFound, Problem } from '../../http/problems/problem';
import { type Employee, findEmployees } from '../people/employee';
import { inScope, scopeOf } from '../people/scope';
import type { Plan } from './plan';
import { Publisher } from './publisher';
import type { Published } from './publishing';
import { type Schedule, scheduleToAudit } from './schedule';
import { SchedulesRepository } from './schedules.repository';
import { ShiftsRepository } from './shifts.repository';

/** A schedule in the hands of one writer: nobody else changes a schedule of this person until the transaction ends. */
export interface HeldPlan extends Plan {
  readonly employee: Employee;
}

/** What every change of a schedule has in common: hold it, and publish it again if it is published. */
@Injectable()
export class ScheduleKeeper {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
    private readonly publisher: Publisher,
  ) {}

  /** Reads the schedule after the wait for whoever writes another one of this person. 404 out of scope. */
  async hold(tx: Transaction, by: Principal, id: string): Promise<HeldPlan> {
    const { tenantId } = by;
    const found = await this.schedules.find(tx, tenantId, id);
    if (!found) throw notFound('schedule');
    const [, people, schedule, shifts] = await Promise.all([
      this.publisher.lock(tx, [found.employeeId]),
      findEmployees(tx, tenantId, [found.employeeId]),
      this.schedules.present(tx, tenantId, id),
      this.shifts.of(tx, tenantId, [id]),
    ]);
    const employee = people.get(found.employeeId);
    if (!employee || !inScope(scopeOf(by), employee)) throw notFound('schedule');
    return { schedule, shifts, employee };
  }

  /** Works a changed plan out and stores it; a draft has no instants yet, so there is nothing to do. */
  async republish(tx: Transaction, held: HeldPlan, after: Plan, pointer = ''): Promise<void> {
    if (held.schedule.status !== 'published') return;
    await this.publish(tx, held.employee, after, { replace: false, pointer, step: 0 });
  }

  async publish(
    tx: Transaction,
    employee: Employee,
    plan: Plan,
    { step, ...options }: { replace: boolean; pointer: string; step: 0 | 1 },
  ): Promise<Published> {
    const [judged] = await this.publisher.judge(tx, [{ plan, employee, ...options }]);
    if (!judged) throw new Error('A plan was left unjudged');
    if (judged instanceof Problem) throw judged;
    await this.publisher.store(tx, tx.tenantId, [judged], step);
    return judged;
  }
}

export function scheduleEntry(
  action: AuditEntry['action'],
  before: Schedule | undefined,
  after: Schedule,
  more: Record<string, unknown> = {},
): AuditEntry {
  return {
    entity: 'schedule',
    action,
    entityId: after.id,
    employeeId: after.employeeId,
    ...(before ? { before: scheduleToAudit(before) } : {}),
    after: { ...scheduleToAudit(after), ...more },
  };
}

/** One entry for each schedule that gave way. */
export function entriesOfReplaced({ givingWay }: Published): AuditEntry[] {
  return givingWay.map(({ before, after }) => scheduleEntry('update', before, after));
}
