import { Injectable } from '@nestjs/common';
import type { AuditEntry } from './entry';
import { Ledger } from './ledger';
import { asProblem } from '../../database/failures';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';

/** Where an export came from. */
export interface ExportOrigin {
  readonly requestId: string;
  readonly ip: string;
}

/** Evidence of exports. The entry is committed before anything is sent. */
@Injectable()
export class ExportEvidence {
  constructor(
    private readonly work: UnitOfWork,
    private readonly ledger: Ledger,
  ) {}

  /** Throws service_unavailable if the entry cannot be stored: then nothing may be sent. */
  async record(tenantId: string, userId: string, { requestId, ip }: ExportOrigin, entry: AuditEntry): Promise<void> {
    try {
      await this.work.write(tenantId, (tx) =>
        this.ledger.append(tx, [{ tenantId, userId, requestId, ip, entries: [entry] }]),
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
}
