import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { notFound, Problem } from '../../http/problems/problem';
import { type Employee, findEmployees } from '../people/employee';
import { inScope, scopeOf } from '../people/scope';
import type { Plan } from './plan';
import { Publisher } from './publisher';
import type { Published } from './publication';
import { type Schedule, scheduleToAudit } from './schedule';
import { SchedulesRepository } from './schedules.repository';
import { ShiftsRepository } from './shifts.repository';

/** A locked schedule: nobody else changes a schedule of this person until the transaction ends. */
export interface LockedPlan extends Plan {
  readonly employee: Employee;
}

/** What every change of a schedule has in common: it locks the schedule, and publishes it again if it is published. */
@Injectable()
export class ScheduleLocks {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
    private readonly publisher: Publisher,
  ) {}

  /** Waits for whoever else writes a schedule of this person, then reads the schedule. 404 out of scope. */
  async lock(tx: Transaction, by: Principal, id: string): Promise<LockedPlan> {
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

  /** Publishes a changed plan again. A draft has no instants, so there is nothing to do. */
  async republish(tx: Transaction, locked: LockedPlan, after: Plan, pointer = ''): Promise<void> {
    if (locked.schedule.status !== 'published') return;
    await this.publish(tx, locked.employee, after, { replace: false, pointer, step: 0 });
  }

  async publish(
    tx: Transaction,
    employee: Employee,
    plan: Plan,
    { step, ...options }: { replace: boolean; pointer: string; step: 0 | 1 },
  ): Promise<Published> {
    const [planned] = await this.publisher.plan(tx, [{ plan, employee, ...options }]);
    if (!planned) throw new Error('A publication has no result');
    if (planned instanceof Problem) throw planned;
    await this.publisher.store(tx, tx.tenantId, [planned], step);
    return planned;
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

/** One entry for each superseded schedule. */
export function entriesOfSuperseded({ superseded }: Published): AuditEntry[] {
  return superseded.map(({ before, after }) => scheduleEntry('update', before, after));
}
