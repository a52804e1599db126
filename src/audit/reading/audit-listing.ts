import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { Cursors } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import type { AuditEntryResource, AuditQuery, AuditSearch } from './audit.schemas';
import { LedgerReader } from './ledger-reader';
import { auditEntryResponse } from './ledger-row';

/**
 * Entries that a search by text looks at: it reads every one of them to the last letter, and counts. Older ones are reached
 * by giving `to`. A number that is always exact would cost a search over years for a figure nobody acts upon.
 */
const SEARCH_WINDOW = 50_000;

/** The ledger as its readers see it. */
@Injectable()
export class AuditListing {
  constructor(
    private readonly ledger: LedgerReader,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, query: AuditQuery): Promise<{ data: AuditEntryResource[]; nextCursor?: string }> {
    const { limit, cursor, ...filters } = query;
    const scope = { tenantId: by.tenantId, route: 'audit-logs', filters };
    const from = cursor === undefined ? {} : { below: String(this.cursors.decode(scope, cursor)[0]) };
    const { rows, next } = await this.ledger.page(by.tenantId, { filters, ...from }, limit);
    const more = next === undefined ? {} : { nextCursor: this.cursors.encode(scope, [next]) };
    return { data: rows.map(auditEntryResponse), ...more };
  }

  async get(by: Principal, id: string): Promise<AuditEntryResource> {
    const row = await this.ledger.find(by.tenantId, id);
    if (!row) throw notFound('audit entry');
    return auditEntryResponse(row);
  }

  async search(by: Principal, { page, pageSize, ...filters }: AuditSearch) {
    const question = { filters, window: SEARCH_WINDOW };
    const { rows, total } = await this.ledger.search(by.tenantId, question, (page - 1) * pageSize, pageSize);
    return { data: rows.map(auditEntryResponse), page, pageSize, total };
  }
}
