import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problem';

// Found by key one by one and changed where they were found. A pre-image comes back as it was, but for its version, unless somebody
// corrected at this very moment what had taken its place: the two would count twice. What the batch had recorded itself, and replaced further down in the same file, goes with the rest of the batch.
const restore = statement(
  'imports.restore',
  `WITH r AS MATERIALIZED (
     SELECT i.punch_id, i.superseded_by, i.reason FROM import_replaced i
      WHERE i.tenant_id = $1 AND i.batch_id = $2 AND i.line >= $3::bigint AND i.line < $4::bigint ORDER BY i.tenant_id, i.batch_id, i.line),
   gone AS MATERIALIZED (
     SELECT q.place, q.own, r.reason FROM r CROSS JOIN LATERAL (
       SELECT p.ctid AS place, p.import_batch_id IS NOT DISTINCT FROM $2 AS own FROM punches p
        WHERE p.tenant_id = $1 AND p.id >= r.punch_id AND p.id <= r.punch_id AND p.status = 'superseded' AND p.superseded_by = r.superseded_by
        ORDER BY p.tenant_id, p.id LIMIT 1) q
     CROSS JOIN LATERAL (SELECT s.status FROM punches s WHERE s.tenant_id = $1 AND s.id >= r.superseded_by AND s.id <= r.superseded_by
        ORDER BY s.tenant_id, s.id LIMIT 1) s
     WHERE s.status NOT IN ('superseded', 'deleted'))
   UPDATE punches p SET status = CASE WHEN g.own THEN 'void' ELSE 'active' END, superseded_by = NULL, version = p.version + 1,
     reason = CASE WHEN g.own THEN 'The import was rolled back' ELSE g.reason END
   FROM gone g WHERE p.ctid = g.place AND p.tenant_id = $1`,
);

/** Who superseded `p`, where it was a batch. */
const replacer = `LEFT JOIN LATERAL (SELECT i.batch_id FROM import_replaced i
     WHERE (i.tenant_id, i.punch_id) >= ($1, p.id) AND (i.tenant_id, i.punch_id) <= ($1, p.id) AND i.superseded_by = p.superseded_by
     ORDER BY i.tenant_id, i.punch_id LIMIT 1) i ON true`;
const settled = `p.status IN ('superseded', 'deleted') AND i.batch_id IS DISTINCT FROM $2`;
// What the batch recorded, and what stood already and took the place of something: if it counts no more, somebody has built on it.
const standsOn = statement(
  'imports.stands_on',
  `(SELECT p.id, p.status, p.superseded_by, i.batch_id FROM punches p ${replacer}
    WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND ${settled} LIMIT 1)
   UNION ALL
   (SELECT p.id, p.status, p.superseded_by, i.batch_id FROM import_replaced r
    CROSS JOIN LATERAL (SELECT p.id, p.status, p.superseded_by FROM punches p
      WHERE p.tenant_id = $1 AND p.id >= r.superseded_by AND p.id <= r.superseded_by ORDER BY p.tenant_id, p.id LIMIT 1) p ${replacer}
    WHERE r.tenant_id = $1 AND r.batch_id = $2 AND ${settled} LIMIT 1)
   LIMIT 1`,
);
// By the UTC date, and a day around it: a closed date is never opened by a zone.
const closed = (punch: string) => `EXISTS (SELECT FROM pay_periods c WHERE c.tenant_id = $1 AND c.status = 'closed'
  AND ${punch}.occurred_at >= c.start_date - 1 AND ${punch}.occurred_at < c.end_date + 2)`;
const closedReplaced = statement(
  'imports.closed_replaced',
  `SELECT EXISTS (SELECT FROM import_replaced r CROSS JOIN LATERAL (SELECT p.occurred_at FROM punches p
      WHERE p.tenant_id = $1 AND p.id >= r.punch_id AND p.id <= r.punch_id ORDER BY p.tenant_id, p.id LIMIT 1) p
    WHERE r.tenant_id = $1 AND r.batch_id = $2 AND ${closed('p')}) AS closed`,
);

interface Obstacle extends Record<string, unknown> {
  id: string;
  status: string;
  superseded_by: string | null;
  batch_id: string | null;
}

/** Brings back what a batch replaced, from a line up to another; sent, not awaited. Doing it twice changes nothing. */
export function restoreLines(tx: Transaction, batchId: string, from: string, until: string): void {
  tx.run(restore, [tx.tenantId, batchId, from, until]).catch(() => undefined);
}

/** Throws import_superseded, naming what stands on the batch: a correction, or a later batch, which has to be undone first. */
export async function refuseSuperseded(tx: Transaction, batchId: string): Promise<void> {
  const above = await tx.row<Obstacle>(standsOn, [tx.tenantId, batchId]);
  if (!above) return;
  const { id: punchId, status, superseded_by: supersededBy, batch_id: later } = above;
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

/** Whether something that the batch replaced lies in a pay period that was closed since. */
export async function replacedIsClosed(tx: Transaction, batchId: string): Promise<boolean> {
  const found = await tx.row<{ closed: boolean }>(closedReplaced, [tx.tenantId, batchId]);
  return found?.closed === true;
}
