import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { UnitOfWork } from '../database/unit-of-work';
import { Problem } from '../http/problems/problem';
import { assertTimes, CLOCK_TOLERANCE_SECONDS, isLive, type Identity } from './access-tokens';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { PrincipalsRepository } from './principals.repository';
import { tokenRefused } from './refusals';
import { RemoteKeys, type KeySet } from './remote-keys';
import type { UnverifiedToken } from './strict-jws';

type Issuer = NonNullable<Config['AUTH_EXTERNAL_ISSUERS']>[number] & { readonly keys: RemoteKeys };

interface Verified {
  readonly issuer: Issuer;
  readonly keySet: KeySet;
  readonly email: string;
  readonly expiresAt: number;
}

/**
 * Access tokens of other issuers (RFC 9068: `typ: at+jwt`, so that an ID token cannot stand in for one). The issuer vouches
 * for an address it has verified; whose it is, within the one tenant the issuer is configured for, is for us to say.
 * A key that the issuer removes is refused after five minutes at the latest, while its endpoint answers.
 */
@Injectable()
export class ExternalIssuers {
  private readonly issuers: ReadonlyMap<string, Issuer>;
  private readonly verified = new LRUCache<string, Verified>({ max: 10_000 });
  private readonly people = new LRUCache<string, { tenantId: string; userId: string; until: number }>({ max: 10_000 });
  private readonly personLifeMs: number;

  constructor(
    private readonly work: UnitOfWork,
    private readonly directory: PrincipalsRepository,
    @Inject(CONFIG) config: Config,
  ) {
    this.issuers = new Map(
      (config.AUTH_EXTERNAL_ISSUERS ?? []).map((issuer) => [
        issuer.issuer,
        { ...issuer, keys: new RemoteKeys(issuer.jwksUrl) },
      ]),
    );
    this.personLifeMs = config.AUTH_PRINCIPAL_CACHE_MS;
  }

  knows(issuer: unknown): boolean {
    return typeof issuer === 'string' && this.issuers.has(issuer);
  }

  /** Synchronous: the identity of a token that was verified with keys which are still the issuer's. */
  peek(token: string): Identity | undefined {
    if (this.issuers.size === 0) return undefined;
    const found = this.verified.get(token);
    if (!found || !isLive(found) || !found.issuer.keys.isFresh(found.keySet)) return undefined;
    const person = this.people.get(personKey(found));
    if (!person || performance.now() >= person.until) return undefined;
    return { tenantId: person.tenantId, userId: person.userId, expiresAt: found.expiresAt };
  }

  async verify(read: UnverifiedToken): Promise<Identity> {
    try {
      const verified = await this.check(read);
      this.verified.set(read.token, verified);
      return { ...(await this.personOf(verified)), expiresAt: verified.expiresAt };
    } catch (error) {
      // The database's own 503 stays one: the token may well be good.
      throw error instanceof Problem ? error : tokenRefused(error);
    }
  }

  private async check({ token, header, claims }: UnverifiedToken): Promise<Verified> {
    const issuer = this.issuers.get(String(claims.iss));
    if (!issuer) throw new Error('issuer is unknown');
    const { alg, kid } = header;
    // Before anything is fetched: what we would refuse anyway must not reach the issuer's endpoint.
    if (!issuer.algorithms.some((allowed) => allowed === alg)) throw new Error('algorithm is not allowed');
    const keySet = await issuer.keys.keysFor(typeof kid === 'string' ? kid : undefined);
    if (!keySet) throw new Error('the keys of the issuer cannot be had');
    const { payload } = await jwtVerify(token, keySet.resolve, {
      algorithms: issuer.algorithms,
      typ: 'at+jwt',
      issuer: issuer.issuer,
      audience: issuer.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'iat', 'exp', 'email'],
    });
    assertTimes(payload);
    if (typeof payload.email !== 'string' || payload.email.length > 320 || payload.email_verified !== true) {
      throw new Error('the issuer has not verified the address');
    }
    return { issuer, keySet, email: payload.email.toLowerCase(), expiresAt: payload.exp };
  }

  private async personOf(verified: Verified): Promise<{ tenantId: string; userId: string }> {
    const until = performance.now() + this.personLifeMs;
    const { tenant } = verified.issuer;
    const [place] = await this.work.read(PLATFORM_TENANT, (tx) => this.directory.places(tx, verified.email, tenant));
    if (!place) throw new Error('nobody in the tenant has this address');
    const person = { tenantId: place.tenant_id, userId: place.user_id };
    this.people.set(personKey(verified), { ...person, until });
    return person;
  }
}

const personKey = ({ issuer, email }: Verified) => `${issuer.tenant}\n${email}`;
