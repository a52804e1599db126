import type { Transaction } from '../../../database/transaction';
import type { DayNumber } from '../../rules/time/calendar';
import type { Batch } from '../ingest';
import { closedPeriods, keepPeriods } from '../ingest.statements';
import { lockPeople, byPlace } from './comparing.statements';

export type IsClosed = (day: DayNumber) => boolean;

/**
 * Whoever compares before writing has to find the same afterwards: the people are locked, where something will be written, and then the
 * pay periods. Answers which days are closed.
 */
export async function guarded(tx: Transaction, people: Iterable<string>, batch: Batch | undefined): Promise<IsClosed> {
  tx.run(byPlace).catch(() => undefined);
  if (batch) tx.run(lockPeople, [tx.tenantId, [...new Set(people)].sort()]).catch(() => undefined);
  tx.run(keepPeriods, [tx.tenantId]).catch(() => undefined);
  const closed = await tx.rows<{ start: number; end: number }>(closedPeriods, [tx.tenantId]);
  return (day) => closed.some(({ start, end }) => day >= start && day <= end);
}
