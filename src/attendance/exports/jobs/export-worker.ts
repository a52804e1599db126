import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Ledger } from '../../../audit/ledger/ledger';
import { PrincipalDirectory } from '../../../auth/principal-directory';
import type { Config } from '../../../config/config';
import { CONFIG } from '../../../config/config.module';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Workers } from '../../../database/workers';
import { Problem } from '../../../http/problems/problem';
import { LeaseLost } from '../../../jobs/lease-lost';
import { auditJob, jobQueue, type LeasedJob, LeasedWorker } from '../../../jobs/leased-worker';
import { ExportsService, exportReach } from '../exports.service';
import { framed } from '../framing';
import type { ExportJobRow } from './export-job';
import { type ExportEnd, ExportJobsRepository } from './export-jobs.repository';
import { inPieces } from './in-pieces';

const queue = jobQueue(
  'exports',
  'export_jobs',
  'SELECT tenant_id, job_id AS id, token::text AS token FROM claim_export($1)',
);

/**
 * Makes the files that nobody waits for, each out of one snapshot, piece by piece into the database. A snapshot does not outlive its
 * process, so a job that was cut off starts over, under a new token.
 */
@Injectable()
export class ExportWorker extends LeasedWorker {
  constructor(
    work: UnitOfWork,
    private readonly jobs: ExportJobsRepository,
    private readonly exports: ExportsService,
    private readonly directory: PrincipalDirectory,
    private readonly ledger: Ledger,
    workers: Workers,
    @Inject(CONFIG) config: Config,
  ) {
    super(work, queue, workers.named('exports', new Logger('ExportWorker')), config.EXPORT_WORKER);
  }

  protected async perform({ tenantId, id, token, stop }: LeasedJob): Promise<void> {
    const job = await this.work.read(tenantId, (tx) => this.jobs.find(tx, id));
    if (!job) throw new LeaseLost(id);
    // Asked again: whoever has lost the right since gets no file.
    const by = await this.directory.find(tenantId, job.created_by);
    const reach = by && exportReach(by);
    if (!by || !reach) throw new Problem('forbidden', 'Whoever asked for this export may not export any more.');
    const write = async (change: (tx: Transaction) => Promise<boolean>) => {
      await this.work.write(tenantId, async (tx) => {
        if (stop.aborted || !(await change(tx))) throw new LeaseLost(id);
      });
    };
    await write((tx) => this.jobs.begin(tx, id, token, reach.unitId));
    const prepared = await this.exports.prepare(by, job.query);
    const { headings, lines, name, delimiter = job.query.delimiter, leftOut } = prepared;
    const digest = createHash('sha256');
    let n = 0;
    for await (const piece of inPieces(framed(job.query.format, headings, lines, delimiter))) {
      digest.update(piece);
      const number = n;
      await write((tx) => this.jobs.put(tx, id, token, number, piece));
      n += 1;
    }
    const sha256 = digest.digest('hex');
    const end = {
      ...({ status: 'completed', fileName: `${name}.${job.query.format}`, sha256 } as const),
      ...(leftOut === undefined ? {} : { leftOut }),
    };
    await write((tx) => this.end(tx, job, token, end, { sha256 }));
  }

  protected async fail(tx: Transaction, { id, token }: LeasedJob, error: string): Promise<void> {
    const job = await this.jobs.find(tx, id);
    if (job) await this.end(tx, job, token, { status: 'failed', error }, { error });
  }

  private async end(
    tx: Transaction,
    job: ExportJobRow,
    token: string,
    end: ExportEnd,
    result: Record<string, unknown>,
  ): Promise<boolean> {
    if (!(await this.jobs.settle(tx, job.id, token, end))) return false;
    auditJob(this.ledger, tx, { worker: 'export-worker', entity: 'export' }, job, { status: end.status, ...result });
    return true;
  }
}
