import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { asProblem } from '../../database/failures';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import type { AuditExport } from './audit.schemas';
import { Ledger } from '../ledger/ledger';
import { LedgerReader } from './ledger-reader';
import { auditEntryResponse } from './ledger-row';

/** Entries that are read at once, and the most that one of these reads looks at. */
const CHUNK = 1000;
const WINDOW = 20_000;

/** Where an export came from. */
interface AuditExportOrigin {
  readonly requestId: string;
  readonly ip: string;
}

/**
 * The ledger as NDJSON, newest first, however large. One short read for each chunk, and the next one only when the client
 * has taken the last: a slow client costs a socket and a thousand entries of memory, never a connection to the database.
 */
@Injectable()
export class AuditExports {
  constructor(
    private readonly work: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
  ) {}

  /** Whoever takes evidence away leaves evidence: the entry is committed before there is anything to send. */
  async open(by: Principal, filters: AuditExport, origin: AuditExportOrigin): Promise<Readable> {
    await this.recordAudit(by, filters, origin);
    return Readable.from(this.lines(by.tenantId, filters), { objectMode: false, highWaterMark: 64 * 1024 });
  }

  private async recordAudit(by: Principal, filters: AuditExport, { requestId, ip }: AuditExportOrigin): Promise<void> {
    const entry = {
      entity: 'audit_log',
      action: 'export',
      entityId: requestId,
      after: { format: 'ndjson', filters },
    } as const;
    try {
      await this.work.write(by.tenantId, (tx) =>
        this.ledger.append(tx, [{ tenantId: by.tenantId, userId: by.userId, requestId, ip, entries: [entry] }]),
      );
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 503) throw problem;
      throw new Problem(
        'service_unavailable',
        'The export could not be recorded, so it was not made. Try again later.',
        { cause: problem.extras.cause },
      );
    }
  }

  /** JSON escapes every control character inside a value, so a line is an entry and an entry is a line. */
  private async *lines(tenantId: string, filters: AuditExport): AsyncGenerator<string> {
    let below: string | undefined;
    do {
      const question = { filters, ...(below === undefined ? {} : { below }), window: WINDOW };
      const { rows, next } = await this.reader.page(tenantId, question, CHUNK);
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(auditEntryResponse(row))}\n`).join('');
      below = next;
    } while (below !== undefined);
  }
}
