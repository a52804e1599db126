import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { notFound } from '../../http/problems/problem';
import { type Employee, findEmployees } from '../people/employee';
import { inScope, scopeOf } from '../people/scope';
import type { Correction } from './correction';

/** The correction and its employee, when it is there and they are in the caller's scope; else 404. */
export async function assertVisible(
  tx: Transaction,
  by: Principal,
  correction: Correction | undefined,
): Promise<{ correction: Correction; employee: Employee }> {
  if (!correction) throw notFound('correction');
  const { employeeId } = correction;
  const employee = (await findEmployees(tx, by.tenantId, [employeeId])).get(employeeId);
  if (!employee || !inScope(scopeOf(by), employee)) throw notFound('correction');
  return { correction, employee };
}
