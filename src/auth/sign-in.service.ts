import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { Ledger } from '../audit/ledger/ledger';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { UnitOfWork } from '../database/unit-of-work';
import type { Problem } from '../http/problems/problem';
import type { Session, SignIn } from './auth.schemas';
import { Passwords } from './passwords';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { PrincipalsRepository, type Person, type Place } from './principals.repository';
import { newRefreshToken, type RefreshToken } from './refresh-token';
import { RefreshTokensRepository } from './refresh-tokens.repository';
import { signInFailed, tenantAmbiguous } from './refusals';
import { maskedAddress, sessionEvidence, type Origin } from './session-evidence';
import { SessionIssuer } from './session-issuer';

const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Where an unknown address is looked up and recorded, so that it takes the path, and the time, of a known one. */
const nowhere: Place = { tenant_id: PLATFORM_TENANT, slug: 'platform', user_id: NOBODY };

interface Candidate {
  readonly place: Place;
  readonly hash: string | null;
  readonly matches: boolean;
  readonly outdated: boolean;
}

/**
 * Signing in with address and password. An address may belong to people in several tenants; those whose password does not
 * match are not spoken of. Every attempt leaves an entry in the ledger of the tenant it was aimed at.
 */
@Injectable()
export class SignInService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly people: PrincipalsRepository,
    private readonly refreshTokens: RefreshTokensRepository,
    private readonly passwords: Passwords,
    private readonly sessions: SessionIssuer,
    private readonly ledger: Ledger,
    @InjectMetric('auth_attempts_total') private readonly attempts: Counter<'kind' | 'result'>,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    for (const result of ['success', 'failure']) attempts.inc({ kind: 'login', result }, 0);
  }

  async signIn(attempt: SignIn, origin: Origin): Promise<Session> {
    const known = await this.work.read(PLATFORM_TENANT, (tx) =>
      this.people.places(tx, attempt.email, attempt.tenant ?? null),
    );
    const places = known.length > 0 ? known : [nowhere];
    const candidates = await Promise.all(places.map((place) => this.examine(place, attempt.password)));
    const [match, another] = candidates.filter(({ matches }) => matches);
    if (!match) return this.refuse(candidates, 'wrong address or password', attempt, origin, signInFailed());
    if (another) {
      const matching = candidates.filter(({ matches }) => matches);
      return this.refuse(matching, 'several tenants match', attempt, origin, tenantAmbiguous());
    }
    const opened = await this.open(match, attempt, origin);
    if (!opened) return this.refuse([match], 'deactivated meanwhile', attempt, origin, signInFailed());
    this.attempts.inc({ kind: 'login', result: 'success' });
    return this.sessions.open(opened.person, opened.refreshToken);
  }

  private async examine(place: Place, password: string): Promise<Candidate> {
    const hash = await this.work.read(place.tenant_id, (tx) =>
      this.people.passwordHash(tx, place.tenant_id, place.user_id),
    );
    return { place, hash, ...(await this.passwords.verify(password, hash)) };
  }

  private async open(
    { place, hash, outdated }: Candidate,
    attempt: SignIn,
    origin: Origin,
  ): Promise<{ person: Person; refreshToken: RefreshToken } | undefined> {
    const better = outdated && hash ? { before: hash, after: await this.passwords.hash(attempt.password) } : undefined;
    return this.work.write(place.tenant_id, async (tx) => {
      const held = this.people.holdPassword(tx, place.tenant_id, place.user_id);
      const person = await this.people.find(tx, place.tenant_id, place.user_id);
      if (!person || (await held) !== hash) return undefined; // deactivated, or the password was changed meanwhile
      const refreshToken = newRefreshToken(place.tenant_id);
      const who = { tenantId: place.tenant_id, userId: place.user_id };
      await Promise.all([
        better && this.people.rehash(tx, place, better.before, better.after),
        this.people.noteAddress(tx, place, origin.ip),
        this.refreshTokens.insert(tx, refreshToken, place.user_id, refreshToken.id, this.config.AUTH_REFRESH_TTL_DAYS),
        this.ledger.append(tx, [
          sessionEvidence(who, origin, { action: 'login', sessionId: refreshToken.id, outcome: 'success' }),
        ]),
      ]);
      return { person, refreshToken };
    });
  }

  private async refuse(
    refused: readonly Candidate[],
    reason: string,
    attempt: SignIn,
    origin: Origin,
    problem: Problem,
  ): Promise<never> {
    this.attempts.inc({ kind: 'login', result: 'failure' });
    const note = { reason, address: maskedAddress(attempt.email) };
    for (const { place } of refused) {
      const who = { tenantId: place.tenant_id, userId: place.user_id };
      const entry = sessionEvidence(who, origin, {
        action: 'login',
        sessionId: place.user_id,
        outcome: 'failure',
        note,
      });
      await this.work.write(place.tenant_id, (tx) => this.ledger.append(tx, [entry]));
    }
    throw problem;
  }
}
