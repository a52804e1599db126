import { Injectable } from '@nestjs/common';
import { Ledger } from '../../../audit/ledger/ledger';
import { UnitOfWork } from '../../../database/unit-of-work';
import { LeaseLost } from '../../../jobs/lease-lost';
import type { LeasedJob } from '../../../jobs/leased-worker';
import { sleep } from '../../../jobs/work-loop';
import { Problem } from '../../../http/problems/problem';
import { BatchesRepository } from '../batches/batches.repository';
import { interpretedChunks, whileReading } from '../reading/chunks';
import { ImportStrategy } from '../comparing/import-strategy';
import type { BatchRow } from '../batches/import-batch';
import { endBatch, useAsyncCommit } from './import-job';
import { ImportFiles, type StoredFile } from '../files/import-files';
import type { LocalFile } from '../files/temporary-files';
import { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import type { ReadProgress } from '../reading/row';
import { readyInterpreter } from '../files/sources';
import { saveFaults } from '../loading/load-punches';
import { loadChunk } from '../comparing/load-chunk';

const ROWS_AT_ONCE = 4_000;

/** What all chunks of a file share. */
interface LoadContext {
  readonly batch: BatchRow;
  readonly people: PeopleIndex;
  readonly strategy: ImportStrategy;
}

/** Loads a batch behind its last chunk, each chunk in a transaction of its own together with its progress. */
@Injectable()
export class ImportLoader {
  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly files: ImportFiles,
    private readonly ledger: Ledger,
  ) {}

  async load(job: LeasedJob, batch: BatchRow | undefined): Promise<void> {
    const { tenantId, id } = job;
    const stored = batch && (await this.files.find(tenantId, batch.file_id));
    if (!batch || !stored) throw new Problem('import_file_invalid', 'The file of this batch is gone: upload it again.');
    const file = await this.files.fetch(tenantId, stored.id);
    try {
      await this.rows(job, batch, stored, file);
    } finally {
      await file.remove();
    }
    await this.work.write(tenantId, async (tx) => {
      if (!(await endBatch({ batches: this.batches, ledger: this.ledger, tx }, job, 'completed')))
        throw new LeaseLost(id);
    });
  }

  private async rows(job: LeasedJob, batch: BatchRow, stored: StoredFile, file: LocalFile): Promise<void> {
    const interpreter = await readyInterpreter(file.path, stored.detected, batch.options);
    const context = { batch, people: new PeopleIndex(batch.created_by), strategy: new ImportStrategy(batch.options) };
    let estimate = 0;
    const onProgress = ({ bytes, totalBytes, rows }: ReadProgress) => {
      if (estimate === 0 && bytes > 0) estimate = Math.round((rows * totalBytes) / bytes);
    };
    const options = { size: ROWS_AT_ONCE, skip: Number(batch.rows_done), onProgress };
    const chunks = context.strategy.cutChunks(interpretedChunks(file.path, stored.detected, interpreter, options));
    await whileReading(chunks, async (rows) => {
      await this.chunk(job, context, rows, estimate);
      return true;
    });
  }

  private async chunk(
    job: LeasedJob,
    { batch, people, strategy }: LoadContext,
    rows: readonly Interpreted[],
    estimate: number,
  ): Promise<void> {
    const { tenantId, token, stop } = job;
    if (stop.aborted) throw new LeaseLost(batch.id);
    const started = performance.now();
    await this.work.write(tenantId, async (tx) => {
      useAsyncCommit(tx);
      this.batches.awaitCommits(tx);
      const { counts, faults } = await loadChunk(tx, rows, people, strategy, { id: batch.id, by: batch.created_by });
      saveFaults(tx, batch.id, faults);
      if (estimate > 0) this.batches.setTotal(tx, batch.id, Math.max(estimate, rows.length)).catch(() => undefined);
      if (!(await this.batches.addProgress(tx, batch.id, token, rows.length, counts))) throw new LeaseLost(batch.id);
    });
    await sleep((performance.now() - started) / 50, stop);
  }
}
