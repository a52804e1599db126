import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { mustBeVersion } from '../../http/input/if-match';
import { Cursors } from '../../http/paging/cursor';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { PunchesRepository } from '../punches/punches.repository';
import { findEmployees } from '../people/employee';
import { inScope, scopeOf, scopeParameters } from '../people/scope';
import { type Correction, told } from './correction';
import type { CorrectionQuery, NewCorrection } from './correction.schemas';
import { reached } from './reach';
import { CorrectionsRepository } from './corrections.repository';
import { alreadyDecided, notYours, unknownEmployee } from './refusals';
import { wantedBy } from './wanted';

const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

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
    const asked = {
      unitId,
      employeeId,
      status: status === 'all' ? null : status,
      below: cursor === undefined ? END : String(this.cursors.decode(scope, cursor)[0]),
      limit: limit + 1,
    };
    const found = await this.work.read(by.tenantId, (tx) => this.corrections.page(tx, asked));
    const data = found.slice(0, limit);
    const last = data.at(-1);
    return found.length > limit && last ? { data, nextCursor: this.cursors.encode(scope, [last.id]) } : { data };
  }

  get(by: Principal, id: string): Promise<Correction> {
    return this.work.read(by.tenantId, async (tx) => {
      const { correction } = await reached(tx, by, await this.corrections.find(tx, id));
      return correction;
    });
  }

  create(by: Principal, body: NewCorrection): Write {
    const { kind, employeeId = by.userId, reason } = body;
    return this.writes.change(async (tx) => {
      const employee = (await findEmployees(tx, by.tenantId, [employeeId])).get(employeeId);
      if (!employee || !inScope(scopeOf(by), employee)) throw unknownEmployee();
      const { punch, before, after } = await wantedBy(tx, this.punches, employee, body);
      const draft = { employeeId, kind, punch, before, after, reason, by: by.userId };
      const made = await this.corrections.insert(tx, draft);
      return {
        answer: { status: 201, body: made, location: `/api/corrections/${made.id}`, version: made.version },
        audit: [{ ...evidenceOf(made), action: 'create', after: told(made) }],
      };
    });
  }

  /** Takes back a pending one. */
  cancel(by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const { correction: before } = await reached(tx, by, await this.corrections.lock(tx, id));
      if (before.requestedBy !== by.userId && !by.permissions.has('attendance:admin')) throw notYours();
      mustBeVersion('this correction', before.version, expectedVersion);
      if (before.status !== 'pending') throw alreadyDecided(before);
      const after = await this.corrections.cancel(tx, id);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [
          {
            ...evidenceOf(after),
            action: 'cancel',
            before: { status: before.status },
            after: { status: after.status },
          },
        ],
      };
    });
  }
}

/** Where an entry of the ledger about a correction belongs. */
export function evidenceOf({ id, employeeId, punchId }: Correction) {
  return { entity: 'correction', entityId: id, employeeId, ...(punchId === undefined ? {} : { punchId }) } as const;
}
