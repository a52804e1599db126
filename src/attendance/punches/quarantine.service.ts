import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import { Problem } from '../../http/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { shown } from './punch';
import { punchColumns, punchOf, type PunchRow } from './punch-row';
import { mustReach } from './punch-scope';
import type { QuarantineDecision } from './punch.schemas';
import { PunchesRepository } from './punches.repository';

const decide = statement(
  'punches.decide_quarantined',
  `UPDATE punches SET status = $3, reason = $4, decided_by = $5, decided_at = now(), version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND status = 'quarantined' RETURNING ${punchColumns}`,
);

/** Decides about punches that were told for a closed pay period. The closed days stay; what is accepted becomes an adjustment. */
@Injectable()
export class QuarantineService {
  constructor(
    private readonly writes: Writes,
    private readonly punches: PunchesRepository,
  ) {}

  decide(by: Principal, id: string, { status, reason }: QuarantineDecision, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const found = await this.punches.lock(tx, by.tenantId, id);
      const before = await mustReach(by, found, (employeeId) => this.punches.unitOf(tx, by.tenantId, employeeId));
      if (before.employeeId === by.userId)
        throw new Problem('self_approval', 'Nobody decides about punches of their own. Ask somebody else.');
      if (expectedVersion !== undefined && before.version !== expectedVersion)
        throw new Problem('precondition_failed', 'Somebody else changed this punch since you read it. Read it again.');
      if (before.status !== 'quarantined') throw decided(before.status);
      const row = await tx.row<PunchRow>(decide, [by.tenantId, id, status, reason, by.userId]);
      if (!row) throw new Error('A punch in quarantine disappeared under its lock');
      const after = punchOf(row);
      return {
        answer: { status: 200, body: shown(after), version: after.version },
        audit: [
          {
            entity: 'punch',
            action: status === 'accepted' ? 'approve' : 'reject',
            entityId: id,
            punchId: id,
            employeeId: before.employeeId,
            before: { status: before.status },
            after: { status, reason },
          },
        ],
      };
    });
  }
}

function decided(status: string): Problem {
  const detail =
    status === 'accepted' || status === 'void'
      ? 'Somebody has decided about this punch already.'
      : 'This punch was never in quarantine, so there is nothing to decide.';
  return new Problem('already_decided', detail, { members: { standing: status } });
}
