import type { Transaction } from '../../../database/transaction';
import { closedDays, type IsClosed } from '../../closed-periods/closed-periods';
import type { Batch } from '../loading/load-punches';
import { lockPeople, byPlace } from './comparing.statements';

/**
 * Keeps what is compared unchanged until it is written: locks the people, if `batch` says that something is written, and then the pay
 * periods. Answers which days are closed.
 */
export async function lockInputs(
  tx: Transaction,
  people: Iterable<string>,
  batch: Batch | undefined,
): Promise<IsClosed> {
  tx.run(byPlace).catch(() => undefined);
  if (batch) tx.run(lockPeople, [tx.tenantId, [...new Set(people)].sort()]).catch(() => undefined);
  return closedDays(tx);
}
