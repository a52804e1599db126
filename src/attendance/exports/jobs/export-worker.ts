import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { hostname } from 'node:os';
import { Ledger } from '../../../audit/ledger/ledger';
import { PLATFORM_TENANT } from '../../../tenancy/platform-tenant';
import { PrincipalDirectory } from '../../../auth/principal-directory';
import type { Config } from '../../../config/config';
import { CONFIG } from '../../../config/config.module';
import { describeFailure } from '../../../database/failures';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { WorkLoop } from '../../../database/work-loop';
import { Workers } from '../../../database/workers';
import { Problem } from '../../../http/problems/problem';
import { ExportsService, exportReach } from '../exports.service';
import { framed } from '../framing';
import type { ExportJobRow } from './export-job';
import { ExportJobsRepository } from './export-jobs.repository';
import { inPieces } from './in-pieces';

/** So long does a job wait for somebody else after a kill; renewed with every piece and while it lives. */
const LEASE_MS = 15_000;

interface Claim extends Record<string, unknown> {
  tenant_id: string;
  job_id: string;
  token: string;
}
const claim = statement('exports.claim', 'SELECT tenant_id, job_id, token::text AS token FROM claim_export($1)');

/** The job has passed to another process, or was cancelled: nothing more of this attempt is stored. */
class NotOurs extends Error {}

/**
 * Makes the files that nobody waits for: one at a time in a process, out of one snapshot, piece by piece into the database. A snapshot does
 * not outlive its process, so a job that was cut off begins anew, under a new token.
 */
@Injectable()
export class ExportWorker extends WorkLoop {
  constructor(
    private readonly work: UnitOfWork,
    private readonly jobs: ExportJobsRepository,
    private readonly exports: ExportsService,
    private readonly directory: PrincipalDirectory,
    private readonly ledger: Ledger,
    workers: Workers,
    @Inject(CONFIG) config: Config,
  ) {
    super(workers.named('exports', new Logger('ExportWorker')), config.EXPORT_WORKER);
  }

  protected async next(): Promise<boolean> {
    const claimed = await this.work.write(PLATFORM_TENANT, (tx) => tx.row<Claim>(claim, [LEASE_MS]));
    if (!claimed) return false;
    const { tenant_id: tenantId, job_id: id, token } = claimed;
    try {
      await this.make(tenantId, id, token);
    } catch (error) {
      if (this.isStopping) return false; // another process, or our next life, begins anew
      if (!(error instanceof NotOurs)) await this.failed(tenantId, id, token, error);
    }
    return true;
  }

  private async make(tenantId: string, id: string, token: string): Promise<void> {
    const job = await this.work.read(tenantId, (tx) => this.jobs.find(tx, id));
    if (!job) throw new NotOurs();
    // Asked again: whoever has lost the right since gets no file.
    const by = await this.directory.find(tenantId, job.created_by);
    const reach = by && exportReach(by);
    if (!by || !reach) throw new Problem('forbidden', 'Whoever asked for this export may not export any more.');
    await this.work.write(tenantId, async (tx) => {
      if (!(await this.jobs.begin(tx, id, token, reach.unitId))) throw new NotOurs();
    });
    const { headings, lines, name, delimiter = job.query.delimiter } = await this.exports.prepare(by, job.query);
    const digest = createHash('sha256');
    let n = 0;
    for await (const piece of inPieces(framed(job.query.format, headings, lines, delimiter))) {
      if (this.isStopping) throw new NotOurs();
      digest.update(piece);
      const number = n;
      const isOurs = await this.work.write(tenantId, (tx) => this.jobs.put(tx, id, token, number, piece, LEASE_MS));
      if (!isOurs) throw new NotOurs();
      n += 1;
    }
    const end = { status: 'completed', fileName: `${name}.${job.query.format}`, sha256: digest.digest('hex') } as const;
    await this.work.write(tenantId, async (tx) => {
      if (!(await this.jobs.settle(tx, id, token, end))) throw new NotOurs();
      this.witness(tx, job, { status: end.status, sha256: end.sha256 });
    });
  }

  /** What cannot be exported has failed, with the reason; what is only away for a moment is tried again when the lease has run out. */
  private async failed(tenantId: string, id: string, token: string, error: unknown): Promise<void> {
    const isFinal = error instanceof Problem && error.status < 500;
    const next = `next try when its lease has run out, in ${LEASE_MS / 1000} s`;
    this.worker.log.warn(`Export ${id} failed: ${describeFailure(error)}; ${isFinal ? 'it is not tried again' : next}`);
    if (!isFinal) return;
    await this.work.write(tenantId, async (tx) => {
      const job = await this.jobs.find(tx, id);
      const isOurs = await this.jobs.settle(tx, id, token, { status: 'failed', error: error.detail });
      if (isOurs && job) this.witness(tx, job, { status: 'failed', error: error.detail });
    });
  }

  private witness(tx: Transaction, job: ExportJobRow, after: Record<string, unknown>): void {
    const by = {
      tenantId: tx.tenantId,
      userId: job.created_by,
      requestId: `export-worker@${hostname()}`,
      ip: '127.0.0.1',
    };
    const entry = { entity: 'export', action: 'update', entityId: job.id, after } as const;
    this.ledger.append(tx, [{ ...by, entries: [entry] }]).catch(() => undefined);
  }
}
