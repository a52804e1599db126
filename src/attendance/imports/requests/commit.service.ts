import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../../auth/principal';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Problem } from '../../../http/problems/problem';
import { KeyedMutex } from '../../../idempotency/keyed-mutex';
import type { Outcome, Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { FIRST_ITEM, itemsOf } from '../batches/batch-items';
import { BatchesRepository } from '../batches/batches.repository';
import { CommitTokens } from './commit-token';
import { type BatchRow, countsOf } from '../batches/import-batch';
import { removeAfter } from '../files/temporary-files';
import { ImportStrategy } from '../comparing/import-strategy';
import { ImportFiles } from '../files/import-files';
import { ImportWorker } from '../jobs/import-worker';
import type { ImportCommit } from '../batches/import.schemas';
import { saveFaults } from '../loading/load-punches';
import { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { readRows } from '../reading/read-rows';
import { asFileProblem, type ImportSource, ImportSources } from '../files/sources';
import { mustBeTheSame } from './repetition';
import { mustBeDecided } from './undecided';
import { loadChunk } from '../comparing/load-chunk';

/** Up to this many rows are committed while the caller waits; more become a job. */
const AT_ONCE = 2_000;

/** Commits what files hold: a small file at once, a large one as a job. */
@Injectable()
export class CommitService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly writes: Writes,
    private readonly mutex: KeyedMutex,
    private readonly files: ImportFiles,
    private readonly sources: ImportSources,
    private readonly tokens: CommitTokens,
    private readonly batches: BatchesRepository,
    private readonly worker: ImportWorker,
  ) {}

  async commit(by: Principal, request: ImportCommit): Promise<Write> {
    const known = await this.earlier(by, request.idempotencyKey);
    if (known) {
      mustBeTheSame(known, await this.sources.hashOf(by.tenantId, request), request);
      return this.writes.change((tx) => repeated(tx, known, request));
    }
    if (request.commitToken === undefined) {
      throw new Problem(
        'import_token_stale',
        'No batch has this idempotencyKey: preview first, and send its commitToken.',
        {
          errors: [{ pointer: '/commitToken', code: 'import_token_stale', detail: 'is required for the first commit' }],
        },
      );
    }
    const { commitToken } = request;
    const source = await this.sources.open(by.tenantId, request);
    try {
      mustBeDecided(source.guesses);
      const rows = await firstRows(source);
      const write = this.writes.change(async (tx) => {
        const again = await this.batches.lockCommits(tx, request.idempotencyKey);
        const sha256 = source.file.sha256.toString('hex');
        if (again) {
          mustBeTheSame(again, sha256, request);
          return repeated(tx, again, request);
        }
        const bound = { sha256, options: source.options };
        await this.tokens.check(tx, commitToken, bound);
        return this.store(tx, by, request, source, rows);
      });
      return removeAfter(this.inTurn(by.tenantId, request.idempotencyKey, write), source.file);
    } catch (error) {
      await source.file.remove();
      throw asFileProblem(error);
    }
  }

  private earlier(by: Principal, key: string | undefined): Promise<BatchRow | undefined> {
    if (key === undefined) return Promise.resolve(undefined);
    return this.work.read(by.tenantId, (tx) => this.batches.findByKey(tx, key));
  }

  /** Of commits that are sent with one key at once, the second one waits here without a connection, and finds the batch of the first. */
  private inTurn(tenantId: string, key: string | undefined, write: Write): Write {
    if (key === undefined) return write;
    const scope = Buffer.from(`import ${tenantId} ${key}`);
    return { perform: (context) => this.mutex.runExclusive(scope, () => write.perform(context)) };
  }

  private async store(
    tx: Transaction,
    by: Principal,
    request: ImportCommit,
    source: ImportSource,
    rows: readonly Interpreted[] | undefined,
  ): Promise<Outcome> {
    const id = uuidv7();
    const fileId = source.fileId ?? uuidv7();
    if (source.fileId === undefined) {
      await this.files.save(tx, fileId, source.name, source.file, source.detected, by.userId);
    }
    const status = rows ? 'running' : 'queued';
    const { file, name: fileName, options } = source;
    const { idempotencyKey: key } = request;
    await this.batches.insert(tx, { id, fileId, fileName, sha256: file.sha256, key, options, status, by: by.userId });
    if (rows) {
      const batchOf = { id, by: by.userId };
      const { counts, faults } = await loadChunk(
        tx,
        rows,
        new PeopleIndex(by.userId),
        new ImportStrategy(options),
        batchOf,
      );
      saveFaults(tx, id, faults);
      await this.batches.addProgress(tx, id, '0', rows.length, counts);
      await this.batches.updateStatus(tx, id, 'completed', ['running']);
    }
    const batch = await this.batches.find(tx, id);
    if (!batch) throw new Error('A batch disappeared in its own transaction');
    const sha256 = source.file.sha256.toString('hex');
    return {
      answer: {
        status: rows ? 200 : 202,
        body: { ...bodyOf(batch), idempotent: false, ...(rows ? await shownItems(tx, batch, request) : {}) },
        location: `/api/attendance/import/jobs/${id}`,
      },
      audit: [
        {
          entity: 'import_batch',
          action: 'create',
          entityId: id,
          after: {
            fileName,
            sha256,
            status: batch.status,
            kind: options.kind,
            mode: options.mode,
            ...(rows ? { counts: countsOf(batch) } : {}),
          },
        },
      ],
      committed: () => {
        this.worker.wake();
      },
    };
  }
}

/** The rows of a small file, or undefined where it has more than are done at once. */
async function firstRows(source: ImportSource): Promise<Interpreted[] | undefined> {
  const interpreter = await source.interpreter();
  const rows: Interpreted[] = [];
  for await (const batch of readRows(source.file.path, source.detected)) {
    rows.push(...interpreter.interpret(batch));
    if (rows.length > AT_ONCE) return undefined;
  }
  return rows;
}

/** The same batch again. */
async function repeated(tx: Transaction, batch: BatchRow, request: ImportCommit): Promise<Outcome> {
  const body = { ...bodyOf(batch), idempotent: true, ...(await shownItems(tx, batch, request)) };
  return {
    answer: { status: 200, body },
    audit: 'unchanged',
  };
}

const bodyOf = (batch: BatchRow) => ({
  batchId: batch.id,
  jobId: batch.id,
  status: batch.status,
  counts: countsOf(batch),
});

/** The punches of a batch, where they were asked for. */
async function shownItems(tx: Transaction, { id }: BatchRow, { returnItems, itemsLimit }: ImportCommit) {
  return returnItems ? { items: await itemsOf(tx, id, FIRST_ITEM, itemsLimit) } : {};
}
