import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { type CursorScope, Cursors } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import type { AuditEntryResource, AuditQuery, AuditSearch } from './audit.schemas';
import { Companions } from './companions';
import { LedgerReader } from './ledger-reader';
import { auditEntryResponse } from './ledger-row';

/**
 * Entries that a search by text looks at: it reads every one of them to the last letter, and counts. Older ones are reached
 * by its cursor. A number that is always exact would cost a search over years for a figure nobody acts upon.
 */
const SEARCH_WINDOW = 50_000;

/** The ledger as its readers see it. */
@Injectable()
export class AuditListing {
  constructor(
    private readonly ledger: LedgerReader,
    private readonly cursors: Cursors,
    private readonly companions: Companions,
  ) {}

  async page(by: Principal, { limit, cursor, include, ...filters }: AuditQuery) {
    const scope = { tenantId: by.tenantId, route: 'audit-logs', filters };
    const { rows, next } = await this.ledger.page(by.tenantId, { filters, ...this.from(scope, cursor) }, limit);
    return { data: await this.companions.withThem(by.tenantId, rows, include), ...this.left(scope, next) };
  }

  async get(by: Principal, id: string): Promise<AuditEntryResource> {
    const row = await this.ledger.find(by.tenantId, id);
    if (!row) throw notFound('audit entry');
    return auditEntryResponse(row);
  }

  async search(by: Principal, { page, pageSize, cursor, include, ...filters }: AuditSearch) {
    const scope = { tenantId: by.tenantId, route: 'audit-search', filters };
    const question = { filters, ...this.from(scope, cursor), window: SEARCH_WINDOW };
    const { rows, total, next } = await this.ledger.search(by.tenantId, question, (page - 1) * pageSize, pageSize);
    const data = await this.companions.withThem(by.tenantId, rows, include);
    return { data, page, pageSize, total, ...this.left(scope, next) };
  }

  private from(scope: CursorScope, cursor: string | undefined): { below?: string } {
    return cursor === undefined ? {} : { below: String(this.cursors.decode(scope, cursor)[0]) };
  }

  /** How far a question has looked, and how to go on from there. */
  private left(scope: CursorScope, next: { readonly id: string; readonly created_at: Date } | undefined) {
    if (next === undefined) return {};
    return { nextCursor: this.cursors.encode(scope, [next.id]), searchedUntil: next.created_at.toISOString() };
  }
}
