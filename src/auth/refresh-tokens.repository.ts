import { Injectable } from '@nestjs/common';
import { statement } from '../database/statement';
import type { Transaction } from '../database/transaction';
import { hashOf, type RefreshToken } from './refresh-token';

export type StoredRefreshToken = {
  family_id: string;
  user_id: string;
  secret_hash: Buffer;
  used: boolean;
  revoked: boolean;
  expired: boolean;
  /** Used so short a time ago that a repetition is a double click or a lost answer. */
  just_used: boolean;
};

// Everything that happens to a family happens one after the other. A row lock would not do: revoking a family must also
// catch the successor that a concurrent refresh has inserted and not yet committed.
const lockFamily = statement(
  'refresh.lock_family',
  `SELECT pg_advisory_xact_lock(hashtextextended(family_id::text, 0)) FROM refresh_tokens WHERE tenant_id = $1 AND id = $2`,
);
const find = statement(
  'refresh.find',
  `SELECT family_id, user_id, secret_hash, used_at IS NOT NULL AS used, revoked_at IS NOT NULL AS revoked, expires_at <= now() AS expired,
     coalesce(used_at > now() - make_interval(secs => $3), false) AS just_used
   FROM refresh_tokens WHERE tenant_id = $1 AND id = $2`,
);
const insert = statement(
  'refresh.insert',
  `INSERT INTO refresh_tokens (tenant_id, id, family_id, user_id, secret_hash, expires_at)
   VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6))`,
);
const markUsed = statement('refresh.use', 'UPDATE refresh_tokens SET used_at = now() WHERE tenant_id = $1 AND id = $2');
const revokeFamily = statement(
  'refresh.revoke_family',
  'UPDATE refresh_tokens SET revoked_at = now() WHERE tenant_id = $1 AND family_id = $2 AND revoked_at IS NULL',
);
const lockPerson = statement(
  'refresh.lock_person',
  `SELECT pg_advisory_xact_lock(hashtextextended(f.family_id::text, 0))
   FROM (SELECT DISTINCT family_id FROM refresh_tokens WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL ORDER BY 1) f`,
);
const revokePerson = statement(
  'refresh.revoke_person',
  'UPDATE refresh_tokens SET revoked_at = now() WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL',
);

/** How long a repetition of the same refresh is answered again instead of being taken for theft. */
const GRACE_SECONDS = 10;

/** Refresh tokens by family: one sign-in and everything it was renewed into. */
@Injectable()
export class RefreshTokensRepository {
  /** Locks the token's family until the end of the transaction, then reads the token; both in one exchange. */
  async lock(tx: Transaction, token: RefreshToken): Promise<StoredRefreshToken | undefined> {
    const [, found] = await Promise.all([tx.run(lockFamily, [token.tenantId, token.id]), this.find(tx, token)]);
    return found;
  }

  find(tx: Transaction, token: RefreshToken): Promise<StoredRefreshToken | undefined> {
    return tx.row<StoredRefreshToken>(find, [token.tenantId, token.id, GRACE_SECONDS]);
  }

  async insert(tx: Transaction, token: RefreshToken, userId: string, familyId: string, ttlDays: number): Promise<void> {
    await tx.run(insert, [token.tenantId, token.id, familyId, userId, hashOf(token), ttlDays]);
  }

  async markUsed(tx: Transaction, token: RefreshToken): Promise<void> {
    await tx.run(markUsed, [token.tenantId, token.id]);
  }

  async revokeFamily(tx: Transaction, tenantId: string, familyId: string): Promise<void> {
    await tx.run(revokeFamily, [tenantId, familyId]);
  }

  /** Ends every sign-in of a person: for a deactivation or a changed password. */
  async revokeAllOf(tx: Transaction, tenantId: string, userId: string): Promise<number> {
    const [, revoked] = await Promise.all([
      tx.run(lockPerson, [tenantId, userId]),
      tx.run(revokePerson, [tenantId, userId]),
    ]);
    return revoked;
  }
}
