import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { byId, Cursors, type Page } from '../../http/paging/cursor';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import type { Dismissal, RejectQuery } from './reject.schemas';
import { type Reject, RejectsRepository } from './rejects.repository';

/** The lines of terminals that no punch was made of, as administrators see to them. */
@Injectable()
export class RejectsService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly rejects: RejectsRepository,
    private readonly cursors: Cursors,
  ) {}

  page({ tenantId }: Principal, { limit, cursor, ...filters }: RejectQuery): Promise<Page<Reject>> {
    const { deviceId = null, status } = filters;
    const scope = { tenantId, route: 'device rejects', filters };
    const newestFirst = { ...byId, first: [] }; // nothing bounds the newest ones
    return this.cursors.page(scope, { limit, cursor }, newestFirst, ({ after: [id], limit: rows }) => {
      const before = id === undefined ? null : String(id);
      return this.work.read(tenantId, (tx) => this.rejects.page(tx, tenantId, deviceId, status, before, rows));
    });
  }

  /** All of the lines or none: 404 if one is unknown or of another terminal, 409 if one is dismissed already. */
  dismiss({ tenantId, userId }: Principal, deviceId: string, { rejectIds, reason }: Dismissal): Write {
    return this.writes.change(async (tx) => {
      const found = await this.rejects.lock(tx, tenantId, deviceId, rejectIds);
      if (found.length < rejectIds.length) throw notFound('line');
      if (found.some(({ dismissal }) => dismissal)) throw dismissedAlready();
      await this.rejects.dismiss(tx, tenantId, rejectIds, userId, reason);
      return {
        answer: { status: 200, body: { dismissed: found.length } },
        audit: found.map(({ id, line, reason: why }) => ({
          entity: 'device',
          action: 'reject',
          entityId: deviceId,
          before: { rejectId: id, line, reason: why },
          after: { rejectId: id, line, reason: why, dismissal: reason },
        })),
      };
    });
  }
}

const dismissedAlready = () =>
  new Problem('already_decided', 'One of the lines is dismissed already. List the open ones again.');
