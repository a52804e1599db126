import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { tokenRefused } from './refusals';
import { SigningKeys } from './signing-keys';
import { readStrictly, type UnverifiedToken } from './strict-jws';

/** Whom a verified token names. Whether they may still come in is for the principal directory to say. */
export interface Identity {
  readonly tenantId: string;
  readonly userId: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** How far the clocks of two machines may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 30;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const nowInSeconds = () => Date.now() / 1000;

export function isLive(identity: { readonly expiresAt: number }): boolean {
  return nowInSeconds() < identity.expiresAt + CLOCK_TOLERANCE_SECONDS;
}

/** What the library leaves open: times must be real numbers, and a token from the future is not ours. */
export function assertTimes(claims: JWTPayload): asserts claims is JWTPayload & { exp: number; iat: number } {
  for (const time of [claims.exp, claims.iat, claims.nbf ?? 0]) {
    if (typeof time !== 'number' || !Number.isFinite(time) || time < 0)
      throw new Error('a time of the token is no number');
  }
  if ((claims.iat ?? Infinity) > nowInSeconds() + CLOCK_TOLERANCE_SECONDS)
    throw new Error('token was issued in the future');
}

/**
 * Our own access tokens (RFC 9068). A verified token is remembered under its whole text: the signature is a pure function of
 * it, so verifying it again can only give the same answer. Its expiry is looked at on every use.
 */
@Injectable()
export class AccessTokens {
  private readonly verified = new LRUCache<string, Identity>({ max: 20_000 });

  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async issue(
    whom: { readonly tenantId: string; readonly userId: string },
    ttlSeconds = this.config.AUTH_ACCESS_TTL_SECONDS,
  ): Promise<{ token: string; expiresIn: number }> {
    const now = Math.floor(nowInSeconds());
    const token = await new SignJWT({ tenant: whom.tenantId })
      .setProtectedHeader({ alg: this.keys.alg, typ: 'at+jwt', kid: this.keys.kid })
      .setIssuer(this.config.AUTH_ISSUER)
      .setAudience(this.config.AUTH_AUDIENCE)
      .setSubject(whom.userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + ttlSeconds)
      .sign(this.keys.privateKey);
    return { token, expiresIn: ttlSeconds };
  }

  /** Synchronous: the identity of a token that was verified before and has not expired since. */
  peek(token: string): Identity | undefined {
    const identity = this.verified.get(token);
    if (!identity || isLive(identity)) return identity;
    this.verified.delete(token);
    return undefined;
  }

  /** Verifies a token from scratch; any fault of it is the same 401. */
  async verify(token: string, read?: UnverifiedToken): Promise<Identity> {
    try {
      const { header } = read ?? readStrictly(token);
      const key = this.keys.verificationKey(header.kid);
      if (!key) throw new Error('kid is unknown');
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: [key.alg],
        typ: 'at+jwt',
        issuer: this.config.AUTH_ISSUER,
        audience: this.config.AUTH_AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'tenant', 'iat', 'nbf', 'exp', 'jti'],
      });
      assertTimes(payload);
      const { sub, tenant, exp } = payload;
      if (typeof sub !== 'string' || typeof tenant !== 'string' || !uuid.test(sub) || !uuid.test(tenant)) {
        throw new Error('sub or tenant is no identifier');
      }
      const identity = { tenantId: tenant, userId: sub, expiresAt: exp };
      this.verified.set(token, identity);
      return identity;
    } catch (error) {
      throw tokenRefused(error);
    }
  }
}
