import { PLATFORM_TENANT, type Principal } from '../../auth/principal';
import { Problem } from '../../http/problems/problem';
import type { User } from './user';

/** Which people of their tenant somebody may read. */
export type Reach =
  { readonly kind: 'tenant' } | { readonly kind: 'unit'; readonly unitId: string } | { readonly kind: 'self' };

/**
 * Administrators reach the tenant, operators the platform's own people, approvers their org unit (or the tenant where they
 * belong to none), everybody else themselves.
 */
export function reachOf(by: Principal): Reach {
  if (administers(by)) return { kind: 'tenant' };
  if (!by.permissions.has('attendance:approve') || by.tenantId === PLATFORM_TENANT) return { kind: 'self' };
  return by.orgUnitId === null ? { kind: 'tenant' } : { kind: 'unit', unitId: by.orgUnitId };
}

export function reaches(by: Principal, user: User): boolean {
  const reach = reachOf(by);
  if (reach.kind === 'tenant' || user.id === by.userId) return true;
  return reach.kind === 'unit' && user.orgUnitId === reach.unitId;
}

/**
 * Operators administer the platform's people, administrators those of their tenant, and neither those of the other: a
 * permission that strayed into the wrong tenant opens nothing.
 */
export function mustAdminister(by: Principal): void {
  if (!administers(by)) throw new Problem('forbidden', 'Only an administrator of these people may change them.');
}

function administers(by: Principal): boolean {
  return by.permissions.has(by.tenantId === PLATFORM_TENANT ? 'platform:admin' : 'attendance:admin');
}
