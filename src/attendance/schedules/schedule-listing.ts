import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors, newestFirst, shownPage } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import { employeeInScope } from '../people/employee';
import { scopeOf, scopeParameters } from '../people/scope';
import type { Plan } from './plan';
import { type ScheduleStatus, scheduleStatuses, scheduleResponse } from './schedule';
import type { ScheduleQuery } from './schedule.schemas';
import { SchedulesRepository } from './schedules.repository';
import { ShiftsRepository } from './shifts.repository';

/** Reads schedules: one with its shifts, or page by page, the newest first. */
@Injectable()
export class ScheduleListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: ScheduleQuery) {
    const scope = { tenantId: by.tenantId, route: 'schedules', filters: { ...filters, by: by.userId } };
    const [unitId, userId] = scopeParameters(scopeOf(by));
    const { employeeId, from, to } = filters;
    const asked = { unitId, userId, employeeId, from, to, statuses: wanted(filters.status) };
    const page = await this.cursors.page(scope, { limit, cursor }, newestFirst, (bounds) =>
      this.work.read(by.tenantId, (tx) => this.schedules.page(tx, by.tenantId, asked, bounds)),
    );
    return shownPage(page, scheduleResponse);
  }

  /** The schedule with its shifts, deleted or not. 404 out of scope, like one that never was. */
  get(by: Principal, id: string): Promise<Plan> {
    return this.work.read(by.tenantId, (tx) => this.read(tx, by, id));
  }

  private async read(tx: Transaction, by: Principal, id: string): Promise<Plan> {
    const [schedule, shifts] = await Promise.all([
      this.schedules.find(tx, by.tenantId, id),
      this.shifts.of(tx, by.tenantId, [id]),
    ]);
    if (!schedule) throw notFound('schedule');
    if (!(await employeeInScope(tx, by, schedule.employeeId))) throw notFound('schedule');
    return { schedule, shifts };
  }
}

function wanted(status: ScheduleQuery['status']): readonly ScheduleStatus[] {
  if (status === 'all') return scheduleStatuses;
  return status === undefined ? scheduleStatuses.filter((each) => each !== 'deleted') : [status];
}
