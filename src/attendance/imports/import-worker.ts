import { hostname } from 'node:os';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Ledger } from '../../audit/ledger';
import { PLATFORM_TENANT } from '../../auth/principal';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problem';
import { BatchesRepository } from './batches.repository';
import { chunksOf, whileReading } from './chunks';
import { Manner } from './comparing/manner';
import { type BatchRow, countsOf } from './import-batch';
import { ImportFiles, type LocalFile, type StoredFile } from './import-files';
import { keepFaults } from './ingest';
import { PeopleIndex } from './people-index';
import type { Interpreted } from './reading/draft';
import type { ReadProgress } from './reading/row';
import { asFileProblem, interpreterFor } from './sources';
import { takeIn } from './take-in';
import { undoChunk } from './undo';

const ROWS_AT_ONCE = 4_000;
const UNDO_AT_ONCE = 10_000;
const LEASE_MS = 60_000;
const IDLE_MS = 1_000;

interface Claim extends Record<string, unknown> {
  tenant_id: string;
  batch_id: string;
  token: string;
  status: string;
}
const claim = statement(
  'imports.claim',
  'SELECT tenant_id, batch_id, token::text AS token, status FROM claim_import($1)',
);

// A chunk that a crash of the database takes back is loaded again, for its progress is taken back with it. So nobody waits until it is
// on the disk, and no punch of the same moment waits behind it; the transaction that ends the batch waits for all of them.
const unhurried = statement('imports.unhurried', "SELECT set_config('synchronous_commit', 'off', true)");

/** The batch has passed to another process, or was cancelled: whatever this one still wanted to write is refused. */
class NotOurs extends Error {}

/**
 * Loads and undoes large batches, chunk by chunk, each chunk in a transaction of its own together with its progress: a killed process
 * leaves a batch behind its last chunk, and whoever claims it next goes on there. One process works on a batch at a time; the token
 * of its claim is asked for in every chunk. Between chunks it rests, so that punches of the same moment find the database free.
 */
@Injectable()
export class ImportWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('ImportWorker');
  private readonly stop = new AbortController();
  private nap = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly files: ImportFiles,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.IMPORT_WORKER) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.nap.abort();
    await this.running;
  }

  /** There is something to do: no need to wait for the next look. */
  wake(): void {
    this.nap.abort();
  }

  /** Works until there is nothing left; for tests and the operator. Answers how many batches it ended. */
  async drain(): Promise<number> {
    let done = 0;
    while (await this.next()) done += 1;
    return done;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const worked = await this.next().catch((error: unknown) => {
        this.log.warn(`Imports cannot be looked for: ${reasonOf(error)}`);
        return false;
      });
      if (worked) continue;
      this.nap = new AbortController();
      await pause(IDLE_MS, undefined, { signal: AbortSignal.any([this.nap.signal, this.stop.signal]) }).catch(
        () => undefined,
      );
    }
  }

  /** Claims a batch and works on it to its end; false when there is none. */
  private async next(): Promise<boolean> {
    const claimed = await this.work.write(PLATFORM_TENANT, (tx) => tx.row<Claim>(claim, [LEASE_MS]));
    if (!claimed) return false;
    const { tenant_id: tenantId, batch_id: id, token, status } = claimed;
    try {
      if (status === 'rolling_back') await this.undo(tenantId, id, token);
      else await this.load(tenantId, id, token);
    } catch (error) {
      if (this.stop.signal.aborted) return false; // another process, or our next life, goes on
      await this.failed(tenantId, id, token, error);
    }
    return true;
  }

  private async load(tenantId: string, id: string, token: string): Promise<void> {
    const batch = await this.work.read(tenantId, (tx) => this.batches.find(tx, id));
    const stored = batch && (await this.files.find(tenantId, batch.file_id));
    if (!batch || !stored) throw new Problem('import_file_invalid', 'The file of this batch is gone: upload it again.');
    const file = await this.files.fetch(tenantId, stored.id);
    try {
      await this.rows(tenantId, batch, token, stored, file);
    } finally {
      await file.remove();
    }
    await this.work.write(tenantId, async (tx) => {
      if (!(await this.batches.settle(tx, id, 'completed', ['running'], { token }))) throw new NotOurs();
      const ended = await this.batches.find(tx, id);
      if (ended) this.witness(tx, ended, { status: ended.status, counts: countsOf(ended) });
    });
  }

  private async rows(
    tenantId: string,
    batch: BatchRow,
    token: string,
    stored: StoredFile,
    file: LocalFile,
  ): Promise<void> {
    const interpreter = interpreterFor(stored.detected, batch.options);
    const people = new PeopleIndex();
    let estimate = 0;
    const onProgress = ({ bytes, totalBytes, rows }: ReadProgress) => {
      if (estimate === 0 && bytes > 0) estimate = Math.round((rows * totalBytes) / bytes);
    };
    const options = { size: ROWS_AT_ONCE, skip: Number(batch.rows_done), onProgress };
    const manner = new Manner(batch.options);
    const chunks = manner.cut(chunksOf(file.path, stored.detected, interpreter, options));
    await whileReading(chunks, async (rows) => {
      await this.chunk(tenantId, batch, token, { people, manner }, rows, estimate);
      return true;
    });
  }

  private async chunk(
    tenantId: string,
    batch: BatchRow,
    token: string,
    { people, manner }: { readonly people: PeopleIndex; readonly manner: Manner },
    rows: readonly Interpreted[],
    estimate: number,
  ): Promise<void> {
    if (this.stop.signal.aborted) throw new NotOurs();
    const started = performance.now();
    await this.work.write(tenantId, async (tx) => {
      tx.run(unhurried).catch(() => undefined);
      const { counts, faults } = await takeIn(tx, rows, people, manner, { id: batch.id, by: batch.created_by });
      keepFaults(tx, batch.id, faults);
      if (estimate > 0) this.batches.setTotal(tx, batch.id, Math.max(estimate, rows.length)).catch(() => undefined);
      if (!(await this.batches.addProgress(tx, batch.id, token, rows.length, counts, LEASE_MS))) throw new NotOurs();
    });
    await this.rest((performance.now() - started) / 50);
  }

  private async undo(tenantId: string, id: string, token: string): Promise<void> {
    let from: string | undefined = '0';
    while (from !== undefined) {
      if (this.stop.signal.aborted) throw new NotOurs();
      const line: string = from;
      from = await this.work.write(tenantId, (tx) => {
        tx.run(unhurried).catch(() => undefined);
        return undoChunk(tx, id, line, UNDO_AT_ONCE);
      });
      await this.rest(5);
    }
    await this.work.write(tenantId, async (tx) => {
      if (!(await this.batches.settle(tx, id, 'rolled_back', ['rolling_back'], { token }))) throw new NotOurs();
      const ended = await this.batches.find(tx, id);
      if (ended) this.witness(tx, ended, { status: ended.status });
    });
  }

  /** What cannot be loaded is failed, with the reason; what is only away for a moment is tried again when its lease has run out. */
  private async failed(tenantId: string, id: string, token: string, error: unknown): Promise<void> {
    if (error instanceof NotOurs) return;
    const problem = asFileProblem(error);
    const isFinal = problem instanceof Problem && problem.status < 500;
    this.log.warn(
      `Import ${id} ${isFinal ? 'failed' : 'was interrupted and will be tried again'}: ${reasonOf(problem)}`,
    );
    if (!isFinal) return;
    await this.work.write(tenantId, async (tx) => {
      await this.batches.settle(tx, id, 'failed', ['running'], { token, error: problem.detail });
      const ended = await this.batches.find(tx, id);
      if (ended) this.witness(tx, ended, { status: ended.status, error: problem.detail });
    });
  }

  private witness(tx: Transaction, batch: BatchRow, after: Record<string, unknown>): void {
    const by = {
      tenantId: tx.tenantId,
      userId: batch.created_by,
      requestId: `import-worker@${hostname()}`,
      ip: '127.0.0.1',
    };
    this.ledger
      .append(tx, [{ ...by, entries: [{ entity: 'import_batch', action: 'update', entityId: batch.id, after }] }])
      .catch(() => undefined);
  }

  private async rest(ms: number): Promise<void> {
    if (ms >= 1) await pause(ms, undefined, { signal: this.stop.signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.extras.cause instanceof Error ? error.extras.cause.message : error.detail;
  return error instanceof Error ? error.message : String(error);
}
