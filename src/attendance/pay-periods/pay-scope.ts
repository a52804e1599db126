import type { Principal } from '../../auth/principal';
import { type Scope, scopeOf } from '../people/scope';

/** Whose pay somebody may see: who runs the payroll pays everybody, whatever org unit they sit in. */
export function payScopeOf(by: Principal): Scope {
  return by.permissions.has('attendance:payroll') ? { kind: 'tenant' } : scopeOf(by);
}
