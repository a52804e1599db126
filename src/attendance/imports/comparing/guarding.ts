import type { Transaction } from '../../../database/transaction';
import { closedDays, type IsClosed } from '../../closed-periods/closed-periods';
import type { Batch } from '../loading/ingest';
import { lockPeople, byPlace } from './comparing.statements';

/**
 * Whoever compares before writing has to find the same afterwards: the people are locked, where something will be written, and then the
 * pay periods. Answers which days are closed.
 */
export async function guarded(tx: Transaction, people: Iterable<string>, batch: Batch | undefined): Promise<IsClosed> {
  tx.run(byPlace).catch(() => undefined);
  if (batch) tx.run(lockPeople, [tx.tenantId, [...new Set(people)].sort()]).catch(() => undefined);
  return closedDays(tx);
}
