import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { closedDays } from '../closed-periods/closed-periods';
import { loadPolicies } from '../policies/policies-in-force';
import { groupBy } from '../rules/group-by';
import { type DayNumber, formatDate, parseDate } from '../rules/time/calendar';
import { columnsOf, type NewInstance, storedInstanceOf, type StoredInstanceRow } from './instance';
import type { Plan } from './plan';
import { type PublicationContext, publish, type Published, type Publication, type ExistingShifts } from './publication';
import {
  supersedeSchedules,
  insertInstances,
  markPublished,
  readInstances,
  readNow,
  removeInstances,
  lockSchedules,
} from './publishing.statements';
import { SchedulesRepository } from './schedules.repository';
import { ShiftsRepository } from './shifts.repository';

const FOREVER = '9999-12-31';
const AROUND_DAYS = 3;
/** People that are planned before other requests get a turn: about 10 ms. */
const PEOPLE_AT_ONCE = 20;
/** About 40 ms of work for this process. */
const ROWS_AT_ONCE = 4000;
/** Whose shifts one statement removes: 120 of each, and a statement may take seconds only. */
const SCHEDULES_AT_ONCE = 250;
/** A thousand people with two shifts a day. More needs several calls. */
const MOST_INSTANCES = 250_000;

/** Publishes plans: reads what the rules of publication need, applies them, and stores the shifts with their instants. */
@Injectable()
export class Publisher {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
  ) {}

  /** Locks the schedules of these people for writing. Not awaited, it shares an exchange with the next reads. */
  lock(tx: Transaction, employeeIds: readonly string[]): Promise<void> {
    return tx.run(lockSchedules, [employeeIds]).then(() => undefined);
  }

  /** One result for each publication, in order: its shifts, or why it is refused. Nothing is stored. */
  async plan(tx: Transaction, publications: readonly Publication[]): Promise<(Published | Problem)[]> {
    if (publications.length === 0) return [];
    const { context, existing } = await this.read(tx, publications);
    const results: (Published | Problem)[] = [];
    let instances = 0;
    for (const [index, publication] of publications.entries()) {
      const result = attempt(publication, existing(publication.employee.id), context);
      if (!(result instanceof Problem)) instances += result.created.length;
      if (instances > MOST_INSTANCES) {
        throw new Problem(
          'span_too_long',
          'These are too many shifts for one call. Name fewer people, or shorter schedules.',
        );
      }
      results.push(result);
      if (index % PEOPLE_AT_ONCE === PEOPLE_AT_ONCE - 1) await nextTurn();
    }
    return results;
  }

  /** Stores planned publications. `step` is added to the versions of the schedules. */
  async store(tx: Transaction, tenantId: string, published: readonly Published[], step: 0 | 1): Promise<void> {
    if (published.length === 0) return;
    const superseded = published.flatMap((each) => each.superseded);
    const removed = [
      ...published.map(({ plan, today }) => [plan.schedule.id, formatDate(today), FOREVER] as const),
      ...superseded.map(
        ({ before, withdrawn }) => [before.id, formatDate(withdrawn.from), formatDate(withdrawn.to)] as const,
      ),
    ];
    for (let at = 0; at < removed.length; at += SCHEDULES_AT_ONCE) {
      await tx.run(removeInstances, [tenantId, ...transposed(removed.slice(at, at + SCHEDULES_AT_ONCE))]);
    }
    const until = published.map((each) => [each.plan.schedule.id, formatDate(each.until), step]);
    await Promise.all([
      ...(superseded.length === 0
        ? []
        : [tx.run(supersedeSchedules, [tenantId, ...transposed(superseded.map(({ after }) => supersededRow(after)))])]),
      tx.run(markPublished, [tenantId, ...transposed(until)]),
    ]);
    await this.insert(
      tx,
      tenantId,
      published.flatMap(({ created }) => created),
    );
  }

  /** Answers how many are new: a shift has each date once. */
  async insert(tx: Transaction, tenantId: string, rows: readonly NewInstance[]): Promise<number> {
    let count = 0;
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      count += await tx.run(insertInstances, [tenantId, ...columnsOf(rows.slice(at, at + ROWS_AT_ONCE))]);
    }
    return count;
  }

  /** Removes the shifts of a schedule from today on that have not begun. */
  async clear(tx: Transaction, tenantId: string, scheduleId: string, today: DayNumber): Promise<void> {
    await tx.run(removeInstances, [tenantId, [scheduleId], [formatDate(today)], [FOREVER]]);
  }

  /** The clock of the database, in whole seconds. */
  async now(tx: Transaction): Promise<number> {
    return (await tx.row<{ now: number }>(readNow))?.now ?? 0;
  }

  /** Everything that the rules need: one exchange, and a second one for the shifts of other schedules. */
  private async read(tx: Transaction, publications: readonly Publication[]) {
    const { tenantId } = tx;
    const people = publications.map(({ employee }) => employee.id);
    const low = publications.map(({ plan }) => shifted(plan.schedule.startDate, -AROUND_DAYS));
    const high = publications.map(({ plan }) => shifted(plan.schedule.endDate, AROUND_DAYS));
    const except = publications.map(({ plan }) => plan.schedule.id);
    const [now, isClosed, policies, stored, others] = await Promise.all([
      this.now(tx),
      closedDays(
        tx,
        low.reduce((a, b) => (a < b ? a : b), FOREVER),
      ),
      loadPolicies(tx, tenantId),
      tx.rows<StoredInstanceRow>(readInstances, [tenantId, people, low, high]),
      this.schedules.publishedNear(tx, tenantId, { employeeIds: people, low, high, except }),
    ]);
    const shifts =
      others.length === 0
        ? []
        : await this.shifts.of(
            tx,
            tenantId,
            others.map(({ id }) => id),
          );
    const shiftsOf = groupBy(shifts, ({ scheduleId }) => scheduleId);
    const plans = others.map((schedule): Plan => ({ schedule, shifts: shiftsOf.get(schedule.id) ?? [] }));
    const plansOf = groupBy(plans, ({ schedule }) => schedule.employeeId);
    const rowsOf = groupBy(stored, (row) => row.employee_id);
    const context: PublicationContext = { now, policies, isClosed };
    const existing = (id: string): ExistingShifts => ({
      stored: (rowsOf.get(id) ?? []).map(storedInstanceOf),
      others: plansOf.get(id) ?? [],
    });
    return { context, existing };
  }
}

function attempt(...args: Parameters<typeof publish>): Published | Problem {
  try {
    return publish(...args);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const shifted = (date: string | undefined, days: number) =>
  date === undefined ? FOREVER : formatDate(parseDate(date) + days);
const supersededRow = ({ id, startDate, endDate, status }: Plan['schedule']) => [
  id,
  startDate,
  endDate ?? null,
  status,
];

/** Rows into columns, as unnest() wants them. */
function transposed(rows: readonly (readonly unknown[])[]): unknown[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
}
