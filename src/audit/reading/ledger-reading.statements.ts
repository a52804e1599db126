import { type Statement, statement } from '../../database/statement';
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
interface WalkedIndex {
  /** The columns of the index behind tenant_id. */
  readonly order: string;
  /** The values that bound it: $2 above, $3 below, $6 the key. */
  readonly above: string;
  readonly below: string;
  readonly where?: string;
}

const keyed = (column: string, type: string): WalkedIndex => ({
  order: `${column}, id`,
  above: `$6::${type}, $2::uuid`,
  below: `$6::${type}, $3::uuid`,
});
const where = `NOT (entity = 'punch' AND action = 'create')`;
const walks = {
  tenant: { order: 'id', above: '$2::uuid', below: '$3::uuid', where: '$6::text IS NULL' },
  thing: keyed('entity_id', 'text'),
  user: keyed('user_id', 'uuid'),
  entity: { ...keyed('entity', 'text'), where },
  action: { ...keyed('action', 'text'), where },
} as const satisfies Record<string, WalkedIndex>;
export type Walk = keyof typeof walks;

/**
 * The key stands in the bounds and in the order, and not in an equation of its own: (key, id) between (k, a) and (k, b) is
 * the same set, but only the index that is meant delivers it in this order. With an equation, a plan made while the table
 * was empty walked the primary key and filtered: 600 ms instead of 1 at a million entries.
 */
const newestFirst = (walk: Walk) => walks[walk].order.replaceAll(/\w+/g, '$& DESC');
const walked = (walk: Walk, columns: string) => {
  const { order, above, below, where: only }: WalkedIndex = walks[walk];
  return `SELECT ${columns} FROM audit_logs
    WHERE tenant_id = $1 AND (${order}) < (${above}) AND (${order}) >= (${below}) AND created_at >= $4::timestamptz
      AND created_at < $5::timestamptz${only === undefined ? '' : ` AND ${only}`} ORDER BY ${newestFirst(walk)}`;
};

// Entries of a schedule: its own, and those of its shifts. A change of a shift says what changed and not whose shift it is.
const ofSchedule = `(e.entity = 'schedule' AND e.entity_id = ($18::uuid)::text OR e.entity = 'shift' AND (
  ($18::uuid)::text IN (e.changes -> 'before' ->> 'scheduleId', e.changes -> 'after' ->> 'scheduleId')
  OR EXISTS (SELECT FROM shifts f WHERE f.tenant_id = $1 AND f.schedule_id = $18 AND f.id::text = e.entity_id)))`;

// strpos and not LIKE: what is looked for has no wildcards that would have to be escaped.
const filtered = `($8::text IS NULL OR e.action = $8) AND ($9::text IS NULL OR e.entity = $9)
  AND ($10::text IS NULL OR e.entity_id = $10) AND ($11::uuid IS NULL OR e.user_id = $11) AND ($12::uuid IS NULL OR e.employee_id = $12)
  AND ($13::text IS NULL OR strpos(lower(concat_ws(' ', e.entity, e.action, e.entity_id, e.user_id, e.employee_id, e.request_id,
    e.changes)), lower($13)) > 0)
  AND ($14::text IS NULL OR e.outcome = $14) AND ($15::text IS NULL OR e.request_id = $15) AND ($16::uuid IS NULL OR e.punch_id = $16)
  AND ($17::uuid IS NULL OR e.exception_id = $17) AND ($18::uuid IS NULL OR ${ofSchedule})`;

interface WalkStatements {
  readonly page: Statement;
  /** How many there are in the window, and the ids of one page of them: a search reads its window once. */
  readonly hits: Statement;
  /** The last id of a full window. */
  readonly edge: Statement;
}

const statementsFor = (walk: Walk): WalkStatements => ({
  page: statement(
    `audit.page_by_${walk}`,
    `SELECT * FROM (${walked(walk, ledgerColumns)} LIMIT $7) e WHERE ${filtered} ORDER BY ${newestFirst(walk)} LIMIT $19`,
  ),
  hits: statement(
    `audit.hits_by_${walk}`,
    `SELECT count(*)::integer AS total, (array_agg(e.id ORDER BY ${newestFirst(walk)}))[$19::integer + 1 : $19 + $20::integer] AS ids
     FROM (${walked(walk, ledgerColumns)} LIMIT $7) e WHERE ${filtered}`,
  ),
  edge: statement(`audit.edge_by_${walk}`, `${walked(walk, 'id, created_at')} OFFSET $7::integer - 1 LIMIT 1`),
});

export const walkStatements: Readonly<Record<Walk, WalkStatements>> = {
  tenant: statementsFor('tenant'),
  thing: statementsFor('thing'),
  user: statementsFor('user'),
  entity: statementsFor('entity'),
  action: statementsFor('action'),
};

export const entryById = statement(
  'audit.by_id',
  `SELECT ${ledgerColumns} FROM audit_logs WHERE tenant_id = $1 AND id = $2`,
);

export const entriesByIds = statement(
  'audit.by_ids',
  `SELECT ${ledgerColumns} FROM audit_logs WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id DESC`,
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
