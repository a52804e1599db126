import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors, highestId, shownPage } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import { maySee, scopeOf } from '../people/scope';
import { type ExceptionRow, toExceptionResponse } from './exception';
import type { ExceptionQuery } from './exception.schemas';
import { ExceptionsRepository } from './exceptions.repository';

/** The newest work date first, and on one date the newest exception. */
const byDate = {
  first: ['infinity', highestId],
  positionOf: ({ date, id }: ExceptionRow) => [date, id],
};

/** Reads exceptions: one, or a page of them, the newest work date first. */
@Injectable()
export class ExceptionListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly exceptions: ExceptionsRepository,
    private readonly cursors: Cursors,
  ) {}

  async get(by: Principal, id: string) {
    const row = await this.work.read(by.tenantId, (tx) => this.exceptions.find(tx, id));
    if (!row || !maySee(by, row)) throw notFound('exception');
    return toExceptionResponse(row);
  }

  async page(by: Principal, { limit, cursor, ...filters }: ExceptionQuery) {
    const scope = { tenantId: by.tenantId, route: 'exceptions', filters: { ...filters, by: by.userId } };
    const page = await this.cursors.page(scope, { limit, cursor }, byDate, (bounds) =>
      this.work.read(by.tenantId, (tx) => this.exceptions.page(tx, scopeOf(by), filters, bounds)),
    );
    return shownPage(page, toExceptionResponse);
  }
}
