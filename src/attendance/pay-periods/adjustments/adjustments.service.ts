import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors, newestFirst, shownPage } from '../../../http/paging/cursor';
import { assertVersion } from '../../../http/input/if-match';
import { notFound, Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { parseDate } from '../../rules/time/calendar';
import { findEmployees, mustBeEmployedOn } from '../../people/employee';
import { payScopeOf } from '../pay-scope';
import { type Adjustment, shownAdjustment } from './adjustment';
import type { AdjustmentQuery, AdjustmentRemoval, NewAdjustment } from './adjustment.schemas';
import { AdjustmentsRepository } from './adjustments.repository';

/** Listing adjustments, booking them by hand, and taking open ones back. */
@Injectable()
export class AdjustmentsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly writes: Writes,
    private readonly adjustments: AdjustmentsRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: AdjustmentQuery) {
    const scope = { tenantId: by.tenantId, route: 'adjustments', filters: { ...filters, by: by.userId } };
    const page = await this.cursors.page(scope, { limit, cursor }, newestFirst, (bounds) =>
      this.work.read(by.tenantId, (tx) => this.adjustments.page(tx, payScopeOf(by), filters, bounds)),
    );
    return shownPage(page, shownAdjustment);
  }

  create(by: Principal, told: NewAdjustment): Write {
    mustNotBe(by, told.employeeId);
    return this.writes.change(async (tx) => {
      const employee = (await findEmployees(tx, by.tenantId, [told.employeeId])).get(told.employeeId);
      if (!employee) throw unknown();
      mustBeEmployedOn(employee, parseDate(told.date), '/date');
      const made = await this.adjustments.insert(tx, told, by.userId);
      return {
        answer: {
          status: 201,
          body: shownAdjustment(made),
          location: `/api/adjustments/${made.id}`,
          version: made.version,
        },
        audit: [
          {
            entity: 'adjustment',
            action: 'create',
            entityId: made.id,
            employeeId: made.employeeId,
            after: remembered(made),
          },
        ],
      };
    });
  }

  /** Takes back an open one. What was paid stays paid: book the opposite. */
  cancel(by: Principal, id: string, { reason }: AdjustmentRemoval, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.adjustments.lock(tx, id);
      if (!before) throw notFound('adjustment');
      mustNotBe(by, before.employeeId);
      assertVersion('this', before.version, expectedVersion);
      if (before.status !== 'open') throw notOpen(before);
      const after = await this.adjustments.void(tx, id);
      return {
        answer: { status: 200, body: shownAdjustment(after), version: after.version },
        audit: [
          {
            entity: 'adjustment',
            action: 'cancel',
            entityId: id,
            employeeId: before.employeeId,
            before: { status: before.status },
            after: { status: after.status, reason },
          },
        ],
      };
    });
  }
}

function mustNotBe({ userId }: Principal, employeeId: string): void {
  if (userId === employeeId)
    throw new Problem('self_approval', 'Nobody books or takes back adjustments of their own. Ask somebody else.');
}

function unknown(): Problem {
  const detail = 'There is no such employee.';
  return new Problem('employee_unknown', detail, {
    errors: [{ pointer: '/employeeId', code: 'employee_unknown', detail }],
  });
}

function notOpen({ status, paidPeriodId }: Adjustment): Problem {
  const detail =
    status === 'paid'
      ? 'This adjustment was paid with a closed period. Book the opposite to take it back.'
      : 'This adjustment has been taken back already.';
  return new Problem('conflict', detail, {
    members: { currentStatus: status, ...(paidPeriodId ? { paidPeriodId } : {}) },
  });
}

function remembered({ date, origin, source, rate, seconds, reason, status }: Adjustment): Record<string, unknown> {
  return { date, origin, source, rate, seconds, reason, status };
}
