import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problems/problem';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import type { TenantQuotas } from '../tenancy/tenant-quotas';
import type { FourEyes } from '../tenancy/tenant-settings';

/** What a caller may do. Roles are bundles of these; see roles.ts. */
export const permissions = [
  'attendance:read',
  'attendance:write',
  'attendance:approve',
  'attendance:payroll',
  'attendance:admin',
  'platform:admin',
] as const;
export type Permission = (typeof permissions)[number];

/** What is particular about a caller that is an API key. */
interface KeyFacts {
  /** The people who were shown a secret of it: see isOneself(). */
  readonly holders: readonly string[];
  /** The networks (CIDR) that it may be used from; empty means any. */
  readonly networks: readonly string[];
  /** What it opens with: SHA-256 in hexadecimal, and until when, in milliseconds since 1970. */
  readonly secrets: readonly { readonly hash: string; readonly until: number }[];
}

/** Who is calling, as decided by the token and confirmed by the database within AUTH_PRINCIPAL_CACHE_MS. */
export interface Principal {
  /** The person, or the API key: what the ledger, repetitions and quotas call them. */
  readonly userId: string;
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly email: string | null;
  readonly name: string;
  readonly orgUnitId: string | null;
  /** The tenant's clock: an instant that is sent where a date is meant bears its date there. */
  readonly timeZone: string;
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
  /** CIDR ranges from the tenant's settings that import, export and admin routes are limited to; empty means no limit. */
  readonly allowedNetworks: readonly string[];
  /** The tenant's rules that take a second person. */
  readonly fourEyes: FourEyes;
  /** What the tenant allows each of its people; null: as the deployment says. */
  readonly quotas: TenantQuotas;
  /** The tenant's setting: a write without an Idempotency-Key is refused. */
  readonly requiresIdempotencyKey: boolean;
  /** There if an API key is calling and no person. */
  readonly key?: KeyFacts;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication guard; absent on public routes. */
    principal?: Principal;
  }
}

/** The caller of a guarded route; throws when a route forgot its guard, which the route walk forbids. */
export function callerOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error('A guarded route ran without a principal');
  return request.principal;
}

/** Throws 403 for whoever is no operator. The permission alone is not enough: somebody inside a tenant may have been given it by mistake. */
export function mustOperate(by: Principal): void {
  if (by.tenantId !== PLATFORM_TENANT) throw new Problem('forbidden', 'Only operators of the platform may do this.');
}

/**
 * Whether what the caller does about this person, they would do about themselves. An API key speaks for everybody who was shown it: what takes a second
 * person cannot be done by making a key of one's own.
 */
export const isOneself = ({ userId, key }: Principal, personId: string): boolean =>
  userId === personId || key?.holders.includes(personId) === true;
