import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { countPunches } from './loading.statements';
import type { PlacedCounts, PunchColumns } from './punch-columns';

const edge = (direction: 'ASC' | 'DESC') => `(SELECT extract(epoch FROM p.occurred_at)::float8 FROM punches p
     WHERE p.tenant_id = $1 AND p.occurred_at >= to_timestamp($2) AND p.occurred_at <= to_timestamp($3)
     ORDER BY p.occurred_at ${direction}, p.id ${direction} LIMIT 1)`;
/** The first and the last punch on record within a span, in epoch seconds; both null where there is none. */
const onRecord = statement('imports.on_record', `SELECT ${edge('ASC')} AS earliest, ${edge('DESC')} AS latest`);

interface OnRecord extends Record<string, unknown> {
  readonly earliest: number | null;
  readonly latest: number | null;
}

/**
 * How many of the punches are new. Only those between the first and the last recorded punch are looked up, so a file of a month without
 * punches is counted as fast as it is read.
 */
export async function countNew(tx: Transaction, placed: PunchColumns): Promise<PlacedCounts> {
  const span = placed.span();
  if (!span) return { created: 0, quarantined: 0, conflicts: null };
  const known = await tx.row<OnRecord>(onRecord, [tx.tenantId, span.first, span.last]);
  const { earliest, latest } = known ?? { earliest: null, latest: null };
  const isKnown = earliest !== null && latest !== null;
  const overlap = isKnown ? { first: Math.floor(earliest), last: Math.ceil(latest) } : undefined;
  const { outside, inside } = placed.divided(overlap);
  if (inside.length === 0) return outside;
  const counted = await tx.row<PlacedCounts & Record<string, unknown>>(countPunches, [tx.tenantId, ...inside.values()]);
  return {
    created: outside.created + (counted?.created ?? 0),
    quarantined: outside.quarantined + (counted?.quarantined ?? 0),
    conflicts: counted?.conflicts ?? null,
  };
}
