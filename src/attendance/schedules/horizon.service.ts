import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { closedDays } from '../closed-periods/closed-periods';
import { formatDate, parseDate } from '../rules/time/calendar';
import { findEmployees } from '../people/employee';
import type { NewInstance } from './instance';
import { expand } from './plan';
import { Publisher } from './publisher';
import { HORIZON_DAYS } from './publication';
import { scheduleColumns, scheduleOf, type ScheduleRow } from './schedule-row';
import { ShiftsRepository } from './shifts.repository';

const SCHEDULES_AT_ONCE = 200;

// Of people who are there: somebody deactivated gets no shifts, and those of the time away are not made up for later.
const due = statement(
  'schedules.due',
  `SELECT ${scheduleColumns} FROM schedules s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.employee_id
   WHERE s.tenant_id = $1 AND s.status = 'published' AND s.materialised_until < (now() AT TIME ZONE 'UTC')::date + $2::int
     AND (s.end_date IS NULL OR s.materialised_until < s.end_date) AND u.status = 'active' AND s.id > $3::uuid
   ORDER BY s.id LIMIT $4`,
);
const still = statement(
  'schedules.still_due',
  `SELECT ${scheduleColumns}, (now() AT TIME ZONE 'UTC')::date - date '1970-01-01' AS today FROM schedules s
   WHERE s.tenant_id = $1 AND s.id = ANY ($2::uuid[]) AND s.status = 'published'`,
);
const reached = statement(
  'schedules.reached',
  `UPDATE schedules s SET materialised_until = r.until FROM unnest($2::uuid[], $3::date[]) r (id, until)
   WHERE s.tenant_id = $1 AND s.id = r.id`,
);

/** Moves the horizon on: open-ended schedules get the shifts of the days that have come into it. */
@Injectable()
export class ScheduleHorizon {
  constructor(
    private readonly work: UnitOfWork,
    private readonly shifts: ShiftsRepository,
    private readonly publisher: Publisher,
  ) {}

  /**
   * Answers how many shifts are new. Harmless to repeat, and to run on two replicas at once. A bound that the clock jumps over is
   * stored with `review`: nobody is there who could be refused.
   */
  async extendHorizon(tenantId: string): Promise<number> {
    let count = 0;
    let after: string | undefined = '00000000-0000-0000-0000-000000000000';
    while (after !== undefined) {
      const from: string = after;
      const chunk = await this.work.write(tenantId, (tx) => this.extend(tx, from));
      count += chunk.count;
      after = chunk.last;
    }
    return count;
  }

  /** One transaction's worth of schedules behind `after`; `last` is undefined when none are left. */
  private async extend(tx: Transaction, after: string): Promise<{ count: number; last: string | undefined }> {
    const { tenantId } = tx;
    const found = await tx.rows<ScheduleRow>(due, [tenantId, HORIZON_DAYS, after, SCHEDULES_AT_ONCE]);
    const last = found.at(-1)?.id;
    if (last === undefined) return { count: 0, last };
    const ids = found.map(({ id }) => id);
    const peopleIds = [...new Set(found.map(({ employee_id: id }) => id))];
    // Behind the lock they are read again: somebody may have changed them meanwhile.
    const [, people, rows, shifts, closed] = await Promise.all([
      this.publisher.lock(tx, peopleIds),
      findEmployees(tx, tenantId, peopleIds),
      tx.rows<ScheduleRow & { today: number }>(still, [tenantId, ids]),
      this.shifts.of(tx, tenantId, ids),
      closedDays(tx),
    ]);
    const created: NewInstance[] = [];
    const until: string[] = [];
    for (const row of rows) {
      const schedule = scheduleOf(row);
      const employee = people.get(schedule.employeeId);
      const { materialisedUntil = schedule.startDate, endDate } = schedule;
      const to = Math.min(row.today + HORIZON_DAYS, endDate === undefined ? Infinity : parseDate(endDate));
      until.push(formatDate(Math.max(to, parseDate(materialisedUntil))));
      if (!employee) continue;
      const left = employee.leftOn === null ? Infinity : parseDate(employee.leftOn);
      const span = { from: Math.max(parseDate(materialisedUntil) + 1, row.today), to: Math.min(to, left) };
      const own = shifts.filter(({ scheduleId }) => scheduleId === schedule.id);
      for (const instance of expand({ schedule, shifts: own }, span, employee.zone)) {
        if (!closed(instance.day)) created.push({ employeeId: employee.id, scheduleId: schedule.id, instance });
      }
    }
    await tx.run(reached, [tenantId, rows.map(({ id }) => id), until]);
    return { count: await this.publisher.insert(tx, tenantId, created), last };
  }
}
