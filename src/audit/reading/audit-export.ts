import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import type { AuditExport } from './audit.schemas';
import { ExportEvidence, type ExportOrigin } from '../ledger/export-evidence';
import { LedgerReader } from './ledger-reader';
import { auditEntryResponse } from './ledger-row';

/** Entries that are read at once, and the most that one of these reads looks at. */
const CHUNK = 1000;
const WINDOW = 20_000;

/**
 * The ledger as NDJSON, newest first, however large. One short read for each chunk, and the next one only when the client
 * has taken the last: a slow client costs a socket and a thousand entries of memory, never a connection to the database.
 */
@Injectable()
export class AuditExports {
  constructor(
    private readonly evidence: ExportEvidence,
    private readonly reader: LedgerReader,
  ) {}

  /** The export itself is in the ledger before anything is sent. */
  async open(by: Principal, filters: AuditExport, origin: ExportOrigin): Promise<Readable> {
    const after = { format: 'ndjson', filters };
    const entry = { entity: 'audit_log', action: 'export', entityId: origin.requestId, after } as const;
    await this.evidence.record(by.tenantId, by.userId, origin, entry);
    return Readable.from(this.lines(by.tenantId, filters), { objectMode: false, highWaterMark: 64 * 1024 });
  }

  /** JSON escapes every control character inside a value, so a line is an entry and an entry is a line. */
  private async *lines(tenantId: string, filters: AuditExport): AsyncGenerator<string> {
    let below: string | undefined;
    do {
      const question = { filters, ...(below === undefined ? {} : { below }), window: WINDOW };
      const { rows, next } = await this.reader.page(tenantId, question, CHUNK);
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(auditEntryResponse(row))}\n`).join('');
      below = next?.id;
    } while (below !== undefined);
  }
}
