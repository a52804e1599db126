import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { assertVersion } from '../../http/input/if-match';
import { Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { closedAmong } from './closed-dates';
import { type Punch, type PunchStatus, punchResponse } from './punch';
import { punchColumns, punchOf, type PunchRow } from './punch-row';
import { visiblePunch } from './punch-scope';
import type { QuarantineDecision } from './punch.schemas';
import { PunchesRepository } from './punches.repository';

const decide = statement(
  'punches.decide_quarantined',
  `UPDATE punches SET status = $3, reason = $4, decided_by = $5, decided_at = now(), version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND status = 'quarantined' RETURNING ${punchColumns}`,
);

const hasDuplicate = statement(
  'punches.has_duplicate',
  `SELECT EXISTS (SELECT FROM punches p WHERE p.tenant_id = $1 AND p.employee_id = $2::uuid AND p.status = 'active'
     AND p.type = $3::text AND p.occurred_at = $4::timestamptz) AS duplicate`,
);

const decidedAt = statement(
  'punches.decided_at',
  'SELECT p.decided_at FROM punches p WHERE p.tenant_id = $1 AND p.id = $2 AND p.decided_at IS NOT NULL',
);

/**
 * Decides about punches that were reported for a closed pay period, or by people about themselves and too long after. Accepted, they
 * count: in an open period like any other, in a closed one, whose days stay as they were paid, for an adjustment.
 */
@Injectable()
export class QuarantineService {
  constructor(
    private readonly writes: Writes,
    private readonly punches: PunchesRepository,
  ) {}

  decide(by: Principal, id: string, { status, reason }: QuarantineDecision, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await visiblePunch(tx, by, await this.punches.lock(tx, by.tenantId, id));
      if (before.employeeId === by.userId)
        throw new Problem('self_approval', 'Nobody decides about punches of their own. Ask somebody else.');
      assertVersion('this punch', before.version, expectedVersion);
      if (before.status !== 'quarantined') throw await this.decided(tx, before);
      const becomes = status === 'void' ? 'void' : await this.accepted(tx, before);
      const row = await tx.row<PunchRow>(decide, [by.tenantId, id, becomes, reason, by.userId]);
      if (!row) throw new Error('A punch in quarantine disappeared under its lock');
      const after = punchOf(row);
      return {
        answer: { status: 200, body: punchResponse(after), version: after.version },
        audit: [
          {
            entity: 'punch',
            action: status === 'accepted' ? 'approve' : 'reject',
            entityId: id,
            punchId: id,
            employeeId: before.employeeId,
            before: { status: before.status },
            after: { status: becomes, reason },
          },
        ],
      };
    });
  }

  /** What an accepted punch is from now on. Refuses a second punch of the same type at the same instant. */
  private async accepted(tx: Transaction, { employeeId, type, occurredAt }: Punch): Promise<PunchStatus> {
    const [closed] = await closedAmong(tx, employeeId, [{ at: occurredAt }]);
    if (closed) return 'accepted';
    const found = await tx.row<{ duplicate: boolean }>(hasDuplicate, [
      tx.tenantId,
      employeeId,
      type,
      occurredAt.toISOString(),
    ]);
    if (!found?.duplicate) return 'active';
    throw new Problem(
      'conflict',
      `There is an active punch of this type (${type}) at this very time already. Decide this one void: the other one counts.`,
    );
  }

  /** Accepted for an open period, a punch is like any other afterwards: only its `decided_at` says that somebody decided. */
  private async decided(tx: Transaction, { id, status }: Punch): Promise<Problem> {
    const row = await tx.row<{ decided_at: Date }>(decidedAt, [tx.tenantId, id]);
    if (!row)
      return new Problem('already_decided', 'This punch was never in quarantine, so there is nothing to decide.', {
        members: { currentStatus: status },
      });
    const at = row.decided_at.toISOString();
    return new Problem(
      'already_decided',
      `Somebody decided about this punch at ${at}: it was ${status === 'void' ? 'found void' : 'accepted'}.`,
      { members: { currentStatus: status, decidedAt: at } },
    );
  }
}
