import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { assertVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { PunchesRepository } from '../punches/punches.repository';
import { type Employee, mustBeEmployedOn } from '../people/employee';
import { apply } from './applying';
import { auditReference, type Correction } from './correction';
import type { CorrectionDecision } from './correction.schemas';
import { CorrectionsRepository } from './corrections.repository';
import { assertVisible } from './visible';
import { alreadyDecided, selfApproval } from './errors';

/** Approving and rejecting. What is approved is applied in the same transaction, or nothing is. */
@Injectable()
export class CorrectionDecisions {
  constructor(
    private readonly writes: Writes,
    private readonly corrections: CorrectionsRepository,
    private readonly punches: PunchesRepository,
  ) {}

  decide(by: Principal, id: string, { status, notes }: CorrectionDecision, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const { correction: before, employee } = await assertVisible(tx, by, await this.corrections.lock(tx, id));
      if (before.requestedBy === by.userId || before.employeeId === by.userId) throw selfApproval();
      assertVersion('this correction', before.version, expectedVersion);
      if (before.status !== 'pending') throw alreadyDecided(before);
      if (status === 'approved') mustStillBeEmployed(employee, before);
      const applied = status === 'approved' ? await apply(tx, this.punches, before, by.userId) : undefined;
      const appliedPunchId = applied?.punchId;
      const after = await this.corrections.decide(tx, id, { status, by: by.userId, notes, appliedPunchId });
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [
          {
            ...auditReference(after),
            action: status === 'approved' ? 'approve' : 'reject',
            before: { status: before.status },
            after: { status, notes, appliedPunchId },
          },
          ...(applied ? [applied.entry] : []),
        ],
      };
    });
  }
}

/** Employment may have been changed since the request; a punch that was recorded out of it may still be set right where it is. */
function mustStillBeEmployed(employee: Employee, { before, after }: Correction): void {
  if (!after || after.occurredAt === before?.occurredAt) return;
  mustBeEmployedOn(employee, employee.zone.dayOf(Math.floor(Date.parse(after.occurredAt) / 1000)), '/status');
}
