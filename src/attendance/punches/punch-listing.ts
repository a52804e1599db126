import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors, highestId, type Keyset, shownPage } from '../../http/paging/cursor';
import { type Punch, punchResponse } from './punch';
import type { PunchQuery } from './punch.schemas';
import { type PunchPageQuery, PunchesRepository } from './punches.repository';
import { maySeeOf, scopeOf } from '../people/scope';

const everything = { from: '0001-01-01T00:00:00Z', to: '9999-12-31T00:00:00Z' };
const newestFirst: Keyset<Punch> = {
  first: ['infinity', highestId],
  positionOf: ({ occurredAt, id }) => [occurredAt.toISOString(), id],
};

/** Pages through punches by keyset: a page begins below the last row of the one before, so nothing is repeated or missed. */
@Injectable()
export class PunchListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly punches: PunchesRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, query: PunchQuery) {
    const { limit, cursor, ...filters } = query;
    const scope = { tenantId: by.tenantId, route: 'punches', filters: { ...filters, by: by.userId } };
    const of = whoseOf(by, query.employeeId);
    const asked = {
      of,
      ...(query.status === 'all' ? {} : { status: query.status }),
      from: query.from ?? everything.from,
      to: query.to ?? everything.to,
    };
    const page = await this.cursors.page(scope, { limit, cursor }, newestFirst, (bounds) =>
      this.work.read(by.tenantId, async (tx) => {
        if (of.kind === 'employee' && !(await maySeeOf(tx, by, of.id))) return [];
        return this.punches.page(tx, by.tenantId, asked, bounds);
      }),
    );
    return shownPage(page, punchResponse);
  }
}

/** The people whose punches are listed: the one who is asked for, or all in the scope of the caller. */
function whoseOf(by: Principal, employeeId: string | undefined): PunchPageQuery['of'] {
  if (employeeId !== undefined) return { kind: 'employee', id: employeeId };
  const scope = scopeOf(by);
  if (scope.kind === 'own') return { kind: 'employee', id: scope.userId };
  return scope.kind === 'unit' ? { kind: 'unit', id: scope.unitId } : scope;
}
