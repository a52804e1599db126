import { inScope, type Scope, scopeOf } from '../../attendance/people/scope';
import type { Principal } from '../../auth/principal';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { Problem } from '../../http/problems/problem';
import type { User } from './user';

/** Which users of their tenant somebody may read: as elsewhere, but operators see the platform's own users, and other users of it nobody. */
export function userScopeOf(by: Principal): Scope {
  if (by.tenantId !== PLATFORM_TENANT) return scopeOf(by);
  return administers(by) ? { kind: 'tenant' } : { kind: 'own', userId: by.userId };
}

export function mayRead(by: Principal, { id, orgUnitId }: User): boolean {
  return id === by.userId || inScope(userScopeOf(by), { id, orgUnitId: orgUnitId ?? null });
}

/**
 * Operators administer the platform's users, administrators those of their tenant, and neither those of the other: a permission
 * that strayed into the wrong tenant opens nothing.
 */
export function mustAdminister(by: Principal): void {
  if (!administers(by)) throw new Problem('forbidden', 'Only an administrator of these people may change them.');
}

function administers(by: Principal): boolean {
  return by.permissions.has(by.tenantId === PLATFORM_TENANT ? 'platform:admin' : 'attendance:admin');
}
