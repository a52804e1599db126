import type { Principal } from '../../auth/principal';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { StoredUser } from './user.entity';

/** Whose punches somebody may see and handle. */
export type Scope =
  | { readonly kind: 'tenant' }
  | { readonly kind: 'unit'; readonly unitId: string }
  | { readonly kind: 'own'; readonly userId: string };

/** Administrators: the tenant. Approvers: their org unit, or the tenant where they belong to none. Everybody else: themselves. */
export function scopeOf(principal: Principal): Scope {
  if (principal.permissions.has('attendance:admin')) return { kind: 'tenant' };
  if (!principal.permissions.has('attendance:approve')) return { kind: 'own', userId: principal.userId };
  return principal.orgUnitId === null ? { kind: 'tenant' } : { kind: 'unit', unitId: principal.orgUnitId };
}

/** For whom somebody may report punches. An API key is nobody itself, so that writing is enough for it: for everybody in its unit, or in the tenant. */
export function reportingScopeOf(principal: Principal): Scope {
  if (!principal.key) return scopeOf(principal);
  return principal.orgUnitId === null ? { kind: 'tenant' } : { kind: 'unit', unitId: principal.orgUnitId };
}

/** Refuses to write for somebody else without the permission for it; whether that person exists plays no part. */
export function mayWriteFor(principal: Principal, employeeId: string): void {
  if (reportingScopeOf(principal).kind === 'own' && employeeId !== principal.userId) {
    throw new Problem('forbidden', 'You may punch for yourself only. Ask an approver or an administrator.');
  }
}

/** Whether somebody of this id and org unit is in the scope. What is not is answered like what does not exist: 404. */
export function inScope(scope: Scope, employee: { readonly id: string; readonly orgUnitId: string | null }): boolean {
  switch (scope.kind) {
    case 'tenant':
      return true;
    case 'unit':
      return employee.orgUnitId === scope.unitId;
    case 'own':
      return employee.id === scope.userId;
  }
}

/** Whether somebody may see an employee, or a row of theirs. */
export function maySee(
  by: Principal,
  row: { readonly employeeId: string; readonly orgUnitId: string | null },
): boolean {
  return inScope(scopeOf(by), { id: row.employeeId, orgUnitId: row.orgUnitId });
}

const inUnit = statement(
  'people.in_unit',
  'SELECT FROM users u WHERE u.tenant_id = $1 AND u.id = $2 AND u.org_unit_id = $3',
);

/** Whether somebody may see what belongs to an employee. Only an approver of a unit costs a lookup. */
export async function maySeeOf(tx: Transaction, by: Principal, employeeId: string): Promise<boolean> {
  const scope = scopeOf(by);
  if (scope.kind === 'unit') return (await tx.run(inUnit, [tx.tenantId, employeeId, scope.unitId])) === 1;
  return scope.kind === 'tenant' || employeeId === scope.userId;
}

/** The scope as two parameters of a statement, `($n::uuid IS NULL OR u.org_unit_id = $n) AND ($m::uuid IS NULL OR u.id = $m)`. */
export function scopeParameters(scope: Scope): [unitId: string | null, userId: string | null] {
  return [scope.kind === 'unit' ? scope.unitId : null, scope.kind === 'own' ? scope.userId : null];
}

/** Restricts a query to the rows of employees in the scope. */
export function whereInScope<E extends ObjectLiteral>(query: SelectQueryBuilder<E>, scope: Scope) {
  const { alias } = query;
  switch (scope.kind) {
    case 'tenant':
      return query;
    case 'unit':
      return query
        .innerJoin(
          StoredUser,
          'employee',
          `employee.tenantId = ${alias}.tenantId AND employee.id = ${alias}.employeeId`,
        )
        .andWhere('employee.orgUnitId = :unitId', { unitId: scope.unitId });
    case 'own':
      return query.andWhere(`${alias}.employeeId = :userId`, { userId: scope.userId });
  }
}
