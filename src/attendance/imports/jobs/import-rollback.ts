import { Injectable } from '@nestjs/common';
import { Ledger } from '../../../audit/ledger/ledger';
import { UnitOfWork } from '../../../database/unit-of-work';
import { LeaseLost } from '../../../jobs/lease-lost';
import type { LeasedJob } from '../../../jobs/leased-worker';
import { sleep } from '../../../jobs/work-loop';
import { BatchesRepository } from '../batches/batches.repository';
import type { BatchRow } from '../batches/import-batch';
import { BEYOND, middleOf, rollBackChunk } from '../rollback/rollback-chunk';
import { endBatch, useAsyncCommit } from './import-job';

const PUNCHES_AT_ONCE = 10_000;

/**
 * Rolls a batch back, chunk by chunk. Starting over changes nothing, so no progress is stored. A batch that replaced nothing is rolled
 * back from its beginning and from its middle at the same time, because its halves do not depend on each other.
 */
@Injectable()
export class ImportRollback {
  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly ledger: Ledger,
  ) {}

  async run(job: LeasedJob, { options }: BatchRow): Promise<void> {
    const { tenantId, id } = job;
    const middle = await this.work.read(tenantId, (tx) => middleOf(tx, id));
    if (options.mode === 'override') await this.lines(job, '0', BEYOND);
    else await Promise.all([this.lines(job, '0', middle), this.lines(job, middle, BEYOND)]);
    await this.work.write(tenantId, async (tx) => {
      if (!(await endBatch({ batches: this.batches, ledger: this.ledger, tx }, job, 'rolled_back')))
        throw new LeaseLost(id);
    });
  }

  private async lines({ tenantId, id, stop }: LeasedJob, from: string, until: string): Promise<void> {
    for (let line: string | undefined = from; line !== undefined;) {
      if (stop.aborted) throw new LeaseLost(id);
      const first: string = line;
      line = await this.work.write(tenantId, (tx) => {
        useAsyncCommit(tx);
        return rollBackChunk(tx, id, { from: first, until }, PUNCHES_AT_ONCE);
      });
      await sleep(2, stop);
    }
  }
}
