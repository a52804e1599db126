import { Inject, Injectable, Logger } from '@nestjs/common';
import { Ledger } from '../../../audit/ledger/ledger';
import type { Config } from '../../../config/config';
import { CONFIG } from '../../../config/config.module';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Workers } from '../../../database/workers';
import { jobQueue, type LeasedJob, LeasedWorker } from '../../../jobs/leased-worker';
import { BatchesRepository } from '../batches/batches.repository';
import { asFileProblem } from '../files/sources';
import { endBatch } from './import-job';
import { ImportLoader } from './import-loader';
import { ImportRollback } from './import-rollback';

const queue = jobQueue(
  'imports',
  'import_batches',
  'SELECT tenant_id, batch_id AS id, token::text AS token FROM claim_import($1)',
);

/**
 * Loads large batches and rolls them back, chunk by chunk. Each chunk is a transaction of its own together with its progress, so whoever
 * claims the batch of a killed process goes on behind its last chunk. Between chunks it sleeps, so that punches find the database free.
 */
@Injectable()
export class ImportWorker extends LeasedWorker {
  constructor(
    work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly loader: ImportLoader,
    private readonly rollback: ImportRollback,
    private readonly ledger: Ledger,
    workers: Workers,
    @Inject(CONFIG) config: Config,
  ) {
    super(work, queue, workers.named('imports', new Logger('ImportWorker')), config.IMPORT_WORKER);
  }

  protected async perform(job: LeasedJob): Promise<void> {
    const batch = await this.work.read(job.tenantId, (tx) => this.batches.find(tx, job.id));
    try {
      await (batch?.status === 'rolling_back' ? this.rollback.run(job, batch) : this.loader.load(job, batch));
    } catch (error) {
      throw asFileProblem(error);
    }
  }

  protected async fail(tx: Transaction, job: LeasedJob, reason: string): Promise<void> {
    await endBatch({ batches: this.batches, ledger: this.ledger, tx }, job, 'failed', reason);
  }
}
