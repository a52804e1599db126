import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { assertVersion } from '../../http/input/if-match';
import { Cursors, newestFirst } from '../../http/paging/cursor';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { PunchesRepository } from '../punches/punches.repository';
import { employeeInScope } from '../people/employee';
import { scopeOf, scopeParameters } from '../people/scope';
import { auditReference, type Correction } from './correction';
import type { CorrectionQuery, NewCorrection } from './correction.schemas';
import { assertVisible } from './visible';
import { CorrectionsRepository } from './corrections.repository';
import { alreadyDecided, notYours, unknownEmployee } from './errors';
import { requestedChange } from './requested-change';

/** A correction as the ledger remembers it when it is asked for. */
const toAudit = ({ kind, punchId, before, after, reason, status }: Correction) => ({
  kind,
  punchId,
  from: before,
  to: after,
  reason,
  status,
});

/** Asking for corrections, reading them, and taking them back. Deciding is the CorrectionDecisions'. */
@Injectable()
export class CorrectionsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly writes: Writes,
    private readonly corrections: CorrectionsRepository,
    private readonly punches: PunchesRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: CorrectionQuery) {
    const [unitId, userId] = scopeParameters(scopeOf(by));
    const { employeeId = userId, status } = filters;
    if (userId !== null && employeeId !== userId) return { data: [] };
    const scope = { tenantId: by.tenantId, route: 'corrections', filters: { ...filters, by: by.userId } };
    const wanted = { unitId, employeeId, status: status === 'all' ? null : status };
    return this.cursors.page(scope, { limit, cursor }, newestFirst, (bounds) =>
      this.work.read(by.tenantId, (tx) => this.corrections.page(tx, wanted, bounds)),
    );
  }

  get(by: Principal, id: string): Promise<Correction> {
    return this.work.read(by.tenantId, async (tx) => {
      const { correction } = await assertVisible(tx, by, await this.corrections.find(tx, id));
      return correction;
    });
  }

  create(by: Principal, body: NewCorrection): Write {
    const { kind, employeeId = by.userId, reason } = body;
    return this.writes.change(async (tx) => {
      const employee = await employeeInScope(tx, by, employeeId);
      if (!employee) throw unknownEmployee();
      const { punch, before, after } = await requestedChange(tx, this.punches, employee, body);
      const draft = { employeeId, kind, punch, before, after, reason, by: by.userId };
      const made = await this.corrections.insert(tx, draft);
      return {
        answer: { status: 201, body: made, location: `/api/corrections/${made.id}`, version: made.version },
        audit: [{ ...auditReference(made), action: 'create', after: toAudit(made) }],
      };
    });
  }

  /** Takes back a pending one. */
  cancel(by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const { correction: before } = await assertVisible(tx, by, await this.corrections.lock(tx, id));
      if (before.requestedBy !== by.userId && !by.permissions.has('attendance:admin')) throw notYours();
      assertVersion('this correction', before.version, expectedVersion);
      if (before.status !== 'pending') throw alreadyDecided(before);
      const after = await this.corrections.cancel(tx, id);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [
          {
            ...auditReference(after),
            action: 'cancel',
            before: { status: before.status },
            after: { status: after.status },
          },
        ],
      };
    });
  }
}
