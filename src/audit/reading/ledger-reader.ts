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
  /** Where the next page begins, or undefined when the end was reached. */
  readonly next?: string;
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
      if (found.length > limit && last) return { rows, next: last.id };
      const edge = await tx.row<{ id: string }>(statements.edge, inside);
      return edge ? { rows, next: edge.id } : { rows };
    });
  }

  /** A page by number, and how many there are: both within the window. */
  search(tenantId: string, question: LedgerQuery, offset: number, limit: number) {
    return this.work.read(tenantId, async (tx) => {
      const { statements, inside, outside } = asked(tenantId, question);
      tx.forceIndexPlans();
      const hits = await tx.row<Hits>(statements.hits, [...inside, ...outside, offset, limit]);
      const ids = hits?.ids ?? [];
      const rows = ids.length === 0 ? [] : await tx.rows<LedgerRow>(entriesByIds, [tenantId, ids]);
      return { rows, total: hits?.total ?? 0 };
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
  const ids = idsWithin({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const top = below !== undefined && below < ids.below ? below : ids.below;
  const inside = [tenantId, top, ids.least, from ?? '-infinity', to ?? 'infinity', key, window ?? windowOf(walk)];
  const outside = [action, entity, entityId, userId, employeeId, q].map((value) => value ?? null);
  return { statements: walkStatements[walk], inside, outside };
}
