import { type Statement, statement } from '../database/statement';
import type { AuditFilters } from './audit.schemas';
import { ledgerColumns } from './ledger-row';

/**
 * Every question to the ledger has two parts. Inside, one index is walked from the newest entry down, for at most `window`
 * entries ($7): outside, what the index does not know is filtered. So no question, however rare what it looks for, reads
 * more than its window, and the filters may be spelled `$n IS NULL OR …` without spoiling a plan: they choose no index.
 *
 * Which index is walked is a statement of its own, because one prepared statement has one generic plan:
 *   tenant   primary key (tenant_id, id): nothing is asked for, or what most entries are
 *   thing    (tenant_id, entity_id, id)
 *   user     (tenant_id, user_id, id)
 *   entity   (tenant_id, entity, id)  } partial indexes over everything but recorded punches, which are nearly all of
 *   action   (tenant_id, action, id)  } the ledger: what is rare is found at once, and recording a punch pays nothing
 * Time prunes partitions, and bounds the ids: see id-range.ts.
 */
const notARecordedPunch = `NOT (entity = 'punch' AND action = 'create')`;
const walks = {
  tenant: '$6::text IS NULL',
  thing: 'entity_id = $6',
  user: 'user_id = $6::uuid',
  entity: `entity = $6 AND ${notARecordedPunch}`,
  action: `action = $6 AND ${notARecordedPunch}`,
} as const;
export type Walk = keyof typeof walks;

const walked = (walk: Walk, columns: string) => `SELECT ${columns} FROM audit_logs
  WHERE tenant_id = $1 AND id < $2::uuid AND id >= $3::uuid AND created_at >= $4::timestamptz AND created_at < $5::timestamptz
    AND ${walks[walk]} ORDER BY id DESC`;

// strpos and not LIKE: what is looked for has no wildcards that would have to be escaped.
const filtered = `($8::text IS NULL OR e.action = $8) AND ($9::text IS NULL OR e.entity = $9)
  AND ($10::text IS NULL OR e.entity_id = $10) AND ($11::uuid IS NULL OR e.user_id = $11) AND ($12::uuid IS NULL OR e.employee_id = $12)
  AND ($13::text IS NULL OR strpos(lower(concat_ws(' ', e.entity, e.action, e.entity_id, e.user_id, e.employee_id, e.request_id,
    e.changes)), lower($13)) > 0)`;

export interface Reading {
  readonly page: Statement;
  readonly count: Statement;
  /** The last id of a full window. */
  readonly edge: Statement;
}

const reading = (walk: Walk): Reading => ({
  page: statement(
    `audit.page_by_${walk}`,
    `SELECT * FROM (${walked(walk, ledgerColumns)} LIMIT $7) e WHERE ${filtered} ORDER BY id DESC LIMIT $14 OFFSET $15`,
  ),
  count: statement(
    `audit.count_by_${walk}`,
    `SELECT count(*)::integer AS n FROM (${walked(walk, ledgerColumns)} LIMIT $7) e WHERE ${filtered}`,
  ),
  edge: statement(`audit.edge_by_${walk}`, `${walked(walk, 'id')} OFFSET $7::integer - 1 LIMIT 1`),
});

export const readings: Readonly<Record<Walk, Reading>> = {
  tenant: reading('tenant'),
  thing: reading('thing'),
  user: reading('user'),
  entity: reading('entity'),
  action: reading('action'),
};

export const entryById = statement(
  'audit.by_id',
  `SELECT ${ledgerColumns} FROM audit_logs WHERE tenant_id = $1 AND id = $2`,
);

/**
 * The plan is known before the statistics are: an index, walked in its order. A ledger that was empty when the plan was
 * made and holds a million entries a minute later must not be sorted until somebody gathers statistics.
 */
export const walkIndexes = statement(
  'audit.walk_indexes',
  `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
     set_config('enable_sort', 'off', true), set_config('jit', 'off', true)`,
);

/** The index that leaves the least to filter. */
export function walkFor(filters: AuditFilters): { readonly walk: Walk; readonly key: string | null } {
  const { entityId, userId, entity, action } = filters;
  if (entityId !== undefined) return { walk: 'thing', key: entityId };
  if (userId !== undefined) return { walk: 'user', key: userId };
  const rare = (entity ?? 'punch') !== 'punch' || (action ?? 'create') !== 'create';
  if (rare && action !== undefined && action !== 'create') return { walk: 'action', key: action };
  if (rare && entity !== undefined) return { walk: 'entity', key: entity };
  return { walk: 'tenant', key: null };
}
