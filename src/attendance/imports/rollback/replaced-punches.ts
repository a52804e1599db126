import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import { byPlace } from '../comparing/comparing.statements';

// A replaced punch becomes active again, unless its successor was corrected at this very moment: both would count. A punch that the batch
// itself recorded, and replaced further down in the same file, becomes void with the rest of the batch.
export const reinstate = statement(
  'imports.reinstate',
  `WITH r AS MATERIALIZED (
     SELECT i.punch_id, i.superseded_by FROM import_replaced i
      WHERE i.tenant_id = $1 AND i.batch_id = $2 AND i.line >= $3::bigint AND i.line < $4::bigint ORDER BY i.tenant_id, i.batch_id, i.line),
   gone AS MATERIALIZED (
     SELECT p.place FROM r
     CROSS JOIN LATERAL (SELECT p.ctid AS place, p.superseded_by FROM punches p WHERE p.tenant_id = $1 AND p.id >= r.punch_id AND p.id <= r.punch_id
        ORDER BY p.tenant_id, p.id LIMIT 1) p
     CROSS JOIN LATERAL (SELECT s.status FROM punches s WHERE s.tenant_id = $1 AND s.id >= r.superseded_by AND s.id <= r.superseded_by
        ORDER BY s.tenant_id, s.id LIMIT 1) s
     WHERE p.superseded_by = r.superseded_by AND s.status NOT IN ('superseded', 'deleted'))
   UPDATE punches p SET superseded_by = NULL, version = p.version + 1,
     status = CASE WHEN p.import_batch_id IS NOT DISTINCT FROM $2 THEN 'void' ELSE 'active' END,
     reason = CASE WHEN p.import_batch_id IS NOT DISTINCT FROM $2 THEN 'The import was rolled back' ELSE (
       SELECT i.reason FROM import_replaced i
       WHERE i.tenant_id = $1 AND i.punch_id >= p.id AND i.punch_id <= p.id AND i.batch_id = $2 ORDER BY i.punch_id LIMIT 1) END
   WHERE p.tenant_id = $1 AND p.ctid = ANY (ARRAY(SELECT g.place FROM gone g)) AND p.status = 'superseded'`,
);

const replacedBy = `(SELECT r.punch_id, r.superseded_by FROM import_replaced r WHERE r.tenant_id = $1 AND r.batch_id = $2
     ORDER BY r.tenant_id, r.batch_id, r.line OFFSET 0)`;
/** Who superseded `p`, where it was a batch. */
const replacer = `LEFT JOIN LATERAL (SELECT i.batch_id FROM import_replaced i
     WHERE i.tenant_id = $1 AND i.punch_id >= p.id AND i.punch_id <= p.id AND i.superseded_by = p.superseded_by
     ORDER BY i.punch_id LIMIT 1) i ON true`;
const changed = `p.status IN ('superseded', 'deleted') AND i.batch_id IS DISTINCT FROM $2`;
// Punches that the batch recorded, and older ones that it made supersede others. If one of them is superseded or deleted, something depends on
// the batch. Such punches are few among millions, and have an index of their own.
export const findDependent = statement(
  'imports.find_dependent',
  `(SELECT p.id, p.status, p.superseded_by, i.batch_id FROM punches p ${replacer}
    WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND ${changed} ORDER BY p.employee_id, p.occurred_at LIMIT 1)
   UNION ALL
   (SELECT p.id, p.status, p.superseded_by, i.batch_id FROM ${replacedBy} r
    CROSS JOIN LATERAL (SELECT p.id, p.status, p.superseded_by FROM punches p
      WHERE p.tenant_id = $1 AND p.id >= r.superseded_by AND p.id <= r.superseded_by ORDER BY p.tenant_id, p.id LIMIT 1) p ${replacer}
    WHERE ${changed} LIMIT 1)
   LIMIT 1`,
);
// By the UTC date with a day on either side, so that no time zone opens a closed date.
const closed = (punch: string) => `EXISTS (SELECT FROM pay_periods c WHERE c.tenant_id = $1 AND c.status = 'closed'
  AND ${punch}.occurred_at >= c.start_date - 1 AND ${punch}.occurred_at < c.end_date + 2)`;
export const closedReplaced = statement(
  'imports.closed_replaced',
  `SELECT EXISTS (SELECT FROM ${replacedBy} r CROSS JOIN LATERAL (SELECT p.occurred_at FROM punches p
      WHERE p.tenant_id = $1 AND p.id >= r.punch_id AND p.id <= r.punch_id ORDER BY p.tenant_id, p.id LIMIT 1) p
    WHERE ${closed('p')}) AS closed`,
);

interface Obstacle extends Record<string, unknown> {
  id: string;
  status: string;
  superseded_by: string | null;
  batch_id: string | null;
}

/** Plans by index and ctid only, whatever the statistics say. */
function forceKeyPlans(tx: Transaction): void {
  tx.forceIndexPlans();
  tx.run(byPlace).catch(() => undefined);
}

/** Reinstates the punches that a batch replaced, from one line up to another. Sent, not awaited; doing it twice changes nothing. */
export function reinstateReplaced(tx: Transaction, batchId: string, from: string, until: string): void {
  forceKeyPlans(tx);
  tx.run(reinstate, [tx.tenantId, batchId, from, until]).catch(() => undefined);
}

/** Throws import_superseded if something depends on the batch: a correction, or a later batch, which must be rolled back first. */
export async function refuseSuperseded(tx: Transaction, batchId: string): Promise<void> {
  forceKeyPlans(tx);
  const dependent = await tx.row<Obstacle>(findDependent, [tx.tenantId, batchId]);
  if (!dependent) return;
  const { id: punchId, status, superseded_by: supersededBy, batch_id: later } = dependent;
  const how = later === null ? (status === 'deleted' ? 'deleted' : 'corrected') : 'replaced by a later import';
  const remedy = later === null ? 'Put that right first, or leave the batch.' : 'Roll that one back first.';
  throw new Problem('import_superseded', `A punch of this batch was ${how} since, and that would be lost. ${remedy}`, {
    members: {
      punchId,
      ...(supersededBy === null ? {} : { supersededBy }),
      ...(later === null ? {} : { batchId: later }),
    },
  });
}

/** Whether a punch that the batch replaced lies in a pay period that has been closed since. */
export async function replacedIsClosed(tx: Transaction, batchId: string): Promise<boolean> {
  const found = await tx.row<{ closed: boolean }>(closedReplaced, [tx.tenantId, batchId]);
  return found?.closed === true;
}
