import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { notFound } from '../../http/problems/problem';
import { type Employee, employeeInScope } from '../people/employee';
import type { Correction } from './correction';

/** The correction and its employee, when it is there and they are in the caller's scope; else 404. */
export async function assertVisible(
  tx: Transaction,
  by: Principal,
  correction: Correction | undefined,
): Promise<{ correction: Correction; employee: Employee }> {
  if (!correction) throw notFound('correction');
  const employee = await employeeInScope(tx, by, correction.employeeId);
  if (!employee) throw notFound('correction');
  return { correction, employee };
}
