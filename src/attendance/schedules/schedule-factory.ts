import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { type Employee, findEmployees } from '../people/employee';
import { scopeOf } from '../people/scope';
import type { Plan } from './plan';
import { Publisher } from './publisher';
import type { Published, Publication } from './publication';
import { mustBeEmployedOnDate, mustBeOrdered, mustBePlannable } from './refusals';
import { datesOf, type Schedule } from './schedule';
import { entriesOfSuperseded, scheduleEntry } from './schedule-locks';
import { SchedulesRepository } from './schedules.repository';
import { type ShiftDraft, shiftToAudit } from './shift';
import { draftOf } from './shift-draft';
import type { NewShift } from './shift.schemas';
import { ShiftsRepository } from './shifts.repository';

/** A request to create the same schedule for some people. */
interface NewSchedules {
  readonly employeeIds: readonly string[];
  readonly schedule: Pick<Schedule, 'startDate' | 'endDate' | 'rotation'> & { readonly name?: string | undefined };
  readonly shifts: readonly NewShift[];
  readonly publish: boolean;
  readonly replace: boolean;
  /** Where in the body the members of `schedule` are. */
  readonly at: string;
}

export interface CreatedSchedule {
  readonly id: string;
  readonly published: Published | undefined;
  readonly audit: readonly AuditEntry[];
}

/** Creates schedules for one person or a thousand. Everything is checked before anything is stored. */
@Injectable()
export class ScheduleFactory {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly shifts: ShiftsRepository,
    private readonly publisher: Publisher,
  ) {}

  /** One result for each person, in order. Throws a fault that all of them share. */
  async create(tx: Transaction, by: Principal, request: NewSchedules): Promise<(CreatedSchedule | Problem)[]> {
    const { schedule, employeeIds, at } = request;
    mustBeOrdered(schedule, at);
    const drafts = request.shifts.map((shift, index) => draftOf(schedule, shift, `/shifts/${index}`));
    const [, people, ids] = await Promise.all([
      this.publisher.lock(tx, employeeIds),
      findEmployees(tx, by.tenantId, employeeIds),
      this.schedules.newIds(tx, employeeIds.length * (drafts.length + 1)),
    ]);
    const scope = scopeOf(by);
    const plans = employeeIds.map((employeeId, index) => {
      const employee = refusable(() => {
        if (employeeIds.indexOf(employeeId) < index) throw new Problem('conflict', 'This person is named twice.');
        const person = mustBePlannable(people.get(employeeId), scope, schedule, at);
        for (const [n, draft] of drafts.entries()) mustBeEmployedOnDate(person, draft, `/shifts/${n}`);
        return person;
      });
      if (employee instanceof Problem) return employee;
      const own = ids.slice(index * (drafts.length + 1), (index + 1) * (drafts.length + 1));
      return { employee, plan: planOf(request, employee, drafts, own) };
    });
    const published = await this.plan(tx, plans, request);
    const accepted = plans.flatMap((each, index) =>
      each instanceof Problem || published[index] instanceof Problem ? [] : [each.plan],
    );
    await this.schedules.insert(
      tx,
      by.tenantId,
      accepted.map(({ schedule: made }) => made),
      by.userId,
    );
    const places = accepted.flatMap((plan) =>
      plan.shifts.map(({ id, scheduleId }, draft) => ({ id, scheduleId, draft })),
    );
    await this.shifts.insert(tx, by.tenantId, drafts, places);
    const stored = published.filter((each): each is Published => each !== undefined && !(each instanceof Problem));
    await this.publisher.store(tx, by.tenantId, stored, 0);
    return plans.map((each, index) => {
      if (each instanceof Problem) return each;
      const result = published[index];
      return result instanceof Problem ? result : createdOf(each.plan, drafts, result);
    });
  }

  /** The publication of each plan; undefined if it is not to be published. */
  private async plan(
    tx: Transaction,
    plans: readonly (Problem | { employee: Employee; plan: Plan })[],
    { publish, replace }: NewSchedules,
  ): Promise<(Published | Problem | undefined)[]> {
    if (!publish) return plans.map(() => undefined);
    const publications = plans.flatMap((each): Publication[] =>
      each instanceof Problem ? [] : [{ ...each, replace, pointer: '/shifts' }],
    );
    const planned = await this.publisher.plan(tx, publications);
    let next = 0;
    return plans.map((each) => (each instanceof Problem ? undefined : planned[next++]));
  }
}

function planOf(
  { schedule }: NewSchedules,
  { id: employeeId }: Employee,
  drafts: readonly ShiftDraft[],
  [id = '', ...shiftIds]: readonly string[],
): Plan {
  const now = new Date();
  const born = { version: 1, createdAt: now, updatedAt: now };
  return {
    schedule: { id, employeeId, ...schedule, name: schedule.name ?? datesOf(schedule), status: 'draft', ...born },
    shifts: drafts.map((draft, index) => ({ ...draft, id: shiftIds[index] ?? '', scheduleId: id, ...born })),
  };
}

function createdOf(
  { schedule }: Plan,
  drafts: readonly ShiftDraft[],
  published: Published | undefined,
): CreatedSchedule {
  const after: Schedule = published ? { ...schedule, status: 'published' } : schedule;
  const shifts = drafts.length === 0 ? {} : { shifts: drafts.map(shiftToAudit) };
  const replaced = published ? entriesOfSuperseded(published) : [];
  return { id: schedule.id, published, audit: [scheduleEntry('create', undefined, after, shifts), ...replaced] };
}

function refusable<T>(work: () => T): T | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
