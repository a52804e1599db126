import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { notFound } from '../../http/problems/problem';
import { maySeeOf } from '../people/scope';
import type { Punch } from './punch';

/** The punch, when it is there and of somebody in the caller's scope; else 404. */
export async function visiblePunch(tx: Transaction, by: Principal, punch: Punch | undefined): Promise<Punch> {
  if (!punch || !(await maySeeOf(tx, by, punch.employeeId))) throw notFound('punch');
  return punch;
}
