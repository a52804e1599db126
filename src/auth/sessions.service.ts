import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { Ledger } from '../audit/ledger/ledger';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import type { Transaction } from '../database/transaction';
import { UnitOfWork } from '../database/unit-of-work';
import { Problem } from '../http/problems/problem';
import { ApiKeysRepository } from './api-keys.repository';
import type { Session, SignedInUser } from './auth.schemas';
import type { Principal } from './principal';
import { PrincipalsRepository, type Person } from './principals.repository';
import { hasHash, readRefreshToken, successorOf, type RefreshToken } from './refresh-token';
import { RefreshTokensRepository, type StoredRefreshToken } from './refresh-tokens.repository';
import { refreshRefused, tokenRefused } from './refusals';
import { sessionEvidence, type Origin } from './session-evidence';
import { SessionIssuer, signedInUserOf } from './session-issuer';
import { SigningKeys } from './signing-keys';

interface Renewed {
  readonly person: Person;
  readonly refreshToken: RefreshToken;
}

/**
 * What becomes of a sign-in. A refresh token is good for one use. Used again within ten seconds, while its successor is
 * untouched, it gets the same successor again: that is a double click or a lost answer. Used again later, or after its
 * successor was used, somebody has a copy, and nobody can tell who: the whole family is revoked.
 *
 * Access tokens live on until they expire (AUTH_ACCESS_TTL_SECONDS), also after a logout; what ends at once is their renewal.
 */
@Injectable()
export class SessionsService {
  private readonly successorKey: Buffer;

  constructor(
    private readonly work: UnitOfWork,
    private readonly people: PrincipalsRepository,
    private readonly apiKeys: ApiKeysRepository,
    private readonly refreshTokens: RefreshTokensRepository,
    private readonly sessions: SessionIssuer,
    private readonly ledger: Ledger,
    @InjectMetric('auth_attempts_total') private readonly attempts: Counter<'kind' | 'result'>,
    signingKeys: SigningKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    for (const result of ['success', 'failure']) attempts.inc({ kind: 'refresh', result }, 0);
    this.successorKey = signingKeys.secretFor('refresh successor');
  }

  async refresh(text: string, origin: Origin): Promise<Session> {
    const token = readRefreshToken(text);
    // A refusal is returned, not thrown: throwing would roll back the revocation and the evidence with it.
    const renewed = token
      ? await this.work.write(token.tenantId, (tx) => this.renew(tx, token, origin))
      : refreshRefused('refresh_token_invalid');
    this.attempts.inc({ kind: 'refresh', result: renewed instanceof Problem ? 'failure' : 'success' });
    if (renewed instanceof Problem) throw renewed;
    return this.sessions.open(renewed.person, renewed.refreshToken);
  }

  /** Ends the sign-in. Without complaint when there is none: whoever logs out wants it to be over, and it is. */
  async logout(text: string, origin: Origin): Promise<void> {
    const token = readRefreshToken(text);
    if (!token) return;
    await this.work.write(token.tenantId, async (tx) => {
      const stored = await this.refreshTokens.lock(tx, token);
      if (!stored || stored.revoked || !hasHash(token, stored.secret_hash)) return;
      await Promise.all([
        this.refreshTokens.revokeFamily(tx, token.tenantId, stored.family_id),
        this.record(tx, token, stored, origin, 'logout', 'success'),
      ]);
    });
  }

  async me(caller: Principal): Promise<SignedInUser> {
    const known = caller.key ? this.apiKeys : this.people;
    const person = await this.work.read(caller.tenantId, (tx) => known.find(tx, caller.tenantId, caller.userId));
    if (!person) throw tokenRefused('the person or the tenant is not active');
    return signedInUserOf(person);
  }

  private async renew(tx: Transaction, token: RefreshToken, origin: Origin): Promise<Renewed | Problem> {
    const stored = await this.refreshTokens.lock(tx, token);
    // Not ours, or a guess at the secret: nobody's sign-in is touched, and there is no tenant whose ledger it belongs into.
    if (!stored || !hasHash(token, stored.secret_hash)) return refreshRefused('refresh_token_invalid');
    if (stored.revoked || stored.expired) {
      await this.record(tx, token, stored, origin, 'refresh', 'failure', stored.revoked ? 'revoked' : 'expired');
      return refreshRefused('refresh_token_invalid');
    }
    const successor = successorOf(token, this.successorKey);
    const repeated = stored.used;
    if (repeated && !(await this.mayRepeat(tx, stored, successor))) {
      return this.revoke(tx, token, stored, origin, 'used before', 'refresh_token_reused');
    }
    const person = await this.people.find(tx, token.tenantId, stored.user_id);
    if (!person) return this.revoke(tx, token, stored, origin, 'not active', 'refresh_token_invalid');
    await Promise.all([
      !repeated && this.refreshTokens.markUsed(tx, token),
      !repeated &&
        this.refreshTokens.insert(tx, successor, stored.user_id, stored.family_id, this.config.AUTH_REFRESH_TTL_DAYS),
      this.record(tx, token, stored, origin, 'refresh', 'success', repeated ? 'repeated' : undefined),
    ]);
    return { person, refreshToken: successor };
  }

  private async mayRepeat(tx: Transaction, stored: StoredRefreshToken, successor: RefreshToken): Promise<boolean> {
    if (!stored.just_used) return false;
    const next = await this.refreshTokens.find(tx, successor);
    return next !== undefined && !next.used && !next.revoked;
  }

  private async revoke(
    tx: Transaction,
    token: RefreshToken,
    stored: StoredRefreshToken,
    origin: Origin,
    reason: string,
    code: 'refresh_token_invalid' | 'refresh_token_reused',
  ): Promise<Problem> {
    await Promise.all([
      this.refreshTokens.revokeFamily(tx, token.tenantId, stored.family_id),
      this.record(tx, token, stored, origin, 'refresh', 'failure', reason),
    ]);
    return refreshRefused(code);
  }

  private record(
    tx: Transaction,
    token: RefreshToken,
    stored: StoredRefreshToken,
    origin: Origin,
    action: 'refresh' | 'logout',
    outcome: 'success' | 'failure',
    reason?: string,
  ): Promise<void> {
    const who = { tenantId: token.tenantId, userId: stored.user_id };
    const note = reason === undefined ? {} : { note: { reason } };
    return this.ledger.append(tx, [
      sessionEvidence(who, origin, { action, sessionId: stored.family_id, outcome, ...note }),
    ]);
  }
}
