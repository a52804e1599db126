import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work';
import type { AuditFilters } from './audit.schemas';
import { idsWithin } from './id-range';
import { entriesByIds, entryById, walkStatements, type Walk, walkFor } from './ledger-reading.statements';
import type { LedgerRow } from './ledger-row';

/** Which entries: those of the filters, older than `below`, among the newest `window` that the walked index offers. */
interface LedgerQuery {
  readonly filters: AuditFilters;
  readonly below?: string;
  readonly window?: number;
}

/**
 * How far one question looks. The entries of a tenant lie beside each other as they were written, those of a key anywhere
 * in the table: a step costs 1 µs there and 20 here.
 */
const windowOf = (walk: Walk) => (walk === 'tenant' ? 50_000 : 10_000);

interface LedgerPage {
  readonly rows: LedgerRow[];
  /** The last entry that was looked at, where the next page begins; undefined when the end was reached. */
  readonly next?: LookedUntil;
}

/** How far a question has looked. */
interface LookedUntil extends Record<string, unknown> {
  readonly id: string;
  readonly created_at: Date;
}

/** Questions to the ledger of one tenant. Each is one short transaction: a slow client never holds a connection. */
@Injectable()
export class LedgerReader {
  constructor(private readonly work: UnitOfWork) {}

  find(tenantId: string, id: string): Promise<LedgerRow | undefined> {
    return this.work.read(tenantId, (tx) => tx.row<LedgerRow>(entryById, [tenantId, id]));
  }

  /**
   * The next entries, newest first. Where the filters found too few in the window, the page is short, and the next one
   * begins where the window ended: whoever looks for a needle gets it in bounded steps.
   */
  page(tenantId: string, question: LedgerQuery, limit: number): Promise<LedgerPage> {
    return this.work.read(tenantId, async (tx) => {
      const { statements, inside, outside } = asked(tenantId, question);
      tx.forceIndexPlans();
      const found = await tx.rows<LedgerRow>(statements.page, [...inside, ...outside, limit + 1]);
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      if (found.length > limit && last) return { rows, next: last };
      const edge = await tx.row<LookedUntil>(statements.edge, inside);
      return edge ? { rows, next: edge } : { rows };
    });
  }

  /** A page by number, and how many there are: both within the window, whose end is `next` where older entries are left. */
  search(tenantId: string, question: LedgerQuery, offset: number, limit: number) {
    return this.work.read(tenantId, async (tx) => {
      const { statements, inside, outside } = asked(tenantId, question);
      tx.forceIndexPlans();
      const [hits, edge] = await Promise.all([
        tx.row<Hits>(statements.hits, [...inside, ...outside, offset, limit]),
        tx.row<LookedUntil>(statements.edge, inside),
      ]);
      const ids = hits?.ids ?? [];
      const rows = ids.length === 0 ? [] : await tx.rows<LedgerRow>(entriesByIds, [tenantId, ids]);
      return { rows, total: hits?.total ?? 0, ...(edge ? { next: edge } : {}) };
    });
  }
}

interface Hits extends Record<string, unknown> {
  total: number;
  ids: string[] | null;
}

function asked(tenantId: string, { filters, below, window }: LedgerQuery) {
  const { walk, key } = walkFor(filters);
  const { action, entity, entityId, userId, employeeId, from, to, q } = filters;
  const { outcome, requestId, punchId, exceptionId, scheduleId } = filters;
  const ids = idsWithin({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const top = below !== undefined && below < ids.below ? below : ids.below;
  const inside = [tenantId, top, ids.least, from ?? '-infinity', to ?? 'infinity', key, window ?? windowOf(walk)];
  const first = [action, entity, entityId, userId, employeeId, q];
  const outside = [...first, outcome, requestId, punchId, exceptionId, scheduleId].map((value) => value ?? null);
  return { statements: walkStatements[walk], inside, outside };
}
