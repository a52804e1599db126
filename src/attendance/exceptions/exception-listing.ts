import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import { scopeOf } from '../people/scope';
import { type ExceptionRow, shownException } from './exception';
import type { ExceptionQuery } from './exception.schemas';
import { ExceptionsRepository } from './exceptions.repository';
import { mayRead } from './refusals';

const beginning = '0001-01-01';
const end = '9999-12-31';
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Reads exceptions: one, or a page of them, the newest work date first. */
@Injectable()
export class ExceptionListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly exceptions: ExceptionsRepository,
    private readonly cursors: Cursors,
  ) {}

  async get(by: Principal, id: string): Promise<ExceptionRow> {
    const row = await this.work.read(by.tenantId, (tx) => this.exceptions.find(tx, id));
    if (!row || !mayRead(by, row)) throw notFound('exception');
    return row;
  }

  async page(by: Principal, { limit, cursor, ...filters }: ExceptionQuery) {
    const scope = { tenantId: by.tenantId, route: 'exceptions', filters: { ...filters, by: by.userId } };
    const [date = end, id = highest] = cursor === undefined ? [] : this.cursors.decode(scope, cursor).map(String);
    const found = await this.work.read(by.tenantId, (tx) =>
      this.exceptions.page(tx, {
        scope: scopeOf(by),
        status: filters.status === 'all' ? undefined : filters.status,
        code: filters.code,
        employeeId: filters.employeeId,
        source: filters.source,
        from: filters.from ?? beginning,
        to: filters.to ?? end,
        below: [date, id],
        limit: limit + 1,
      }),
    );
    const data = found.slice(0, limit);
    const last = data.at(-1);
    const more = found.length > limit && last !== undefined;
    const next = more ? { nextCursor: this.cursors.encode(scope, [last.date, last.id]) } : {};
    return { data: data.map(shownException), ...next };
  }
}
