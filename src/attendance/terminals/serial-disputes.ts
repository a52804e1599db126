import { Injectable } from '@nestjs/common';
import { mustOperate, type Principal } from '../../auth/principal';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { acrossTenants, statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import type { DevicePlace } from './devices.repository';
import type { Award } from './serial-dispute.schemas';

/** Disputes that are remembered at most; of the undecided ones, those that were heard of longest ago go first. */
const MOST = 1000;

const awarded = acrossTenants(
  'terminals.awarded',
  'SELECT s.awarded_to AS tenant_id FROM disputed_serials s WHERE s.serial_number = $1 AND s.awarded_to IS NOT NULL',
);
const note = statement(
  'terminals.note_dispute',
  `INSERT INTO disputed_serials AS s (serial_number, address, claimed_by) VALUES ($1, $2::inet, $3::uuid[])
   ON CONFLICT ON CONSTRAINT disputed_serials_pkey DO UPDATE
     SET last_disputed_at = now(), address = excluded.address, claimed_by = excluded.claimed_by`,
);
const forget = statement(
  'terminals.forget_disputes',
  `DELETE FROM disputed_serials s WHERE s.awarded_to IS NULL AND s.last_disputed_at <= (SELECT o.last_disputed_at
     FROM disputed_serials o WHERE o.awarded_to IS NULL ORDER BY o.last_disputed_at DESC OFFSET ${MOST} LIMIT 1)`,
);
const columns = `s.serial_number AS "serialNumber", host(s.address) AS address, s.claimed_by AS "claimedBy", s.first_disputed_at AS "firstDisputedAt",
  s.last_disputed_at AS "lastDisputedAt", s.awarded_to AS "awardedTo", s.reason, s.decided_at AS "decidedAt"`;
const list = statement(
  'terminals.disputes',
  `SELECT ${columns} FROM disputed_serials s ORDER BY s.awarded_to IS NOT NULL, s.last_disputed_at DESC LIMIT ${MOST}`,
);
const lock = statement(
  'terminals.dispute',
  `SELECT ${columns} FROM disputed_serials s WHERE s.serial_number = $1 FOR UPDATE`,
);
const decide = statement(
  'terminals.decide_dispute',
  `UPDATE disputed_serials AS s SET awarded_to = $2, reason = $3, decided_by = $4, decided_at = now() WHERE s.serial_number = $1 RETURNING ${columns}`,
);

interface Dispute extends Record<string, unknown> {
  readonly serialNumber: string;
  readonly claimedBy: readonly string[];
  readonly awardedTo: string | null;
  readonly reason: string | null;
  readonly decidedAt: Date | null;
}

/** Serial numbers that several tenants prove. No tenant learns of another one; the operator of the platform decides. */
@Injectable()
export class SerialDisputes {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
  ) {}

  /** The place that was awarded the serial number; without a decision none, and the dispute is noted. */
  async settle(
    serialNumber: string,
    address: string,
    places: readonly DevicePlace[],
  ): Promise<DevicePlace | undefined> {
    const award = await this.work.read(PLATFORM_TENANT, (tx) => tx.row<{ tenant_id: string }>(awarded, [serialNumber]));
    const place = places.find(({ tenant_id }) => tenant_id === award?.tenant_id);
    if (!place) await this.work.write(PLATFORM_TENANT, (tx) => this.note(tx, serialNumber, address, places));
    return place;
  }

  async list(by: Principal) {
    mustOperate(by);
    const data = await this.work.read(PLATFORM_TENANT, (tx) => tx.rows<Dispute>(list, []));
    return { data: data.map(shown) };
  }

  /** 404 for a serial number that nobody disputes, 409 for a tenant that does not claim it. */
  award(by: Principal, serialNumber: string, { tenantId, reason }: Award): Write {
    mustOperate(by);
    return this.writes.change(async (tx) => {
      const before = await tx.row<Dispute>(lock, [serialNumber]);
      if (!before) throw notFound('dispute');
      if (!before.claimedBy.includes(tenantId)) throw noClaim();
      const after = await tx.row<Dispute>(decide, [serialNumber, tenantId, reason, by.userId]);
      if (!after) throw new Error('A dispute disappeared under its lock');
      const kept = ({ awardedTo, reason: why }: Dispute) => ({ serialNumber, awardedTo, reason: why });
      return {
        answer: { status: 200, body: shown(after) },
        audit: [{ entity: 'device', action: 'assign', entityId: tenantId, before: kept(before), after: kept(after) }],
      };
    });
  }

  private async note(tx: Transaction, serialNumber: string, address: string, places: readonly DevicePlace[]) {
    const claimants = [...new Set(places.map(({ tenant_id }) => tenant_id))].sort();
    await tx.run(note, [serialNumber, address, claimants]);
    await tx.run(forget);
  }
}

const shown = ({ awardedTo, reason, decidedAt, ...dispute }: Dispute) => ({
  ...dispute,
  ...(awardedTo === null ? {} : { awardedTo, reason, decidedAt }),
});

const noClaim = () =>
  new Problem('conflict', 'This tenant does not claim the serial number. Choose one of claimedBy.', {
    errors: [{ pointer: '/tenantId', code: 'conflict', detail: 'is none of the tenants in claimedBy' }],
  });
