import type { Principal } from '../../auth/principal';
import { notFound } from '../../http/problems/problem';
import { scopeOf } from '../people/scope';
import type { Punch } from './punch';

/** The punch, when it is there and of somebody in the caller's scope; else 404. `unitOf` is asked where the scope is a unit. */
export async function visiblePunch(
  by: Principal,
  punch: Punch | undefined,
  unitOf: (employeeId: string) => Promise<string | null>,
): Promise<Punch> {
  if (!punch) throw notFound('punch');
  const scope = scopeOf(by);
  if (scope.kind === 'own' && punch.employeeId !== scope.userId) throw notFound('punch');
  if (scope.kind === 'unit' && (await unitOf(punch.employeeId)) !== scope.unitId) throw notFound('punch');
  return punch;
}
