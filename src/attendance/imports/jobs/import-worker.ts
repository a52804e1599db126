import { Inject, Injectable, Logger } from '@nestjs/common';
import { Ledger } from '../../../audit/ledger/ledger';
import { PLATFORM_TENANT } from '../../../tenancy/platform-tenant';
import type { Config } from '../../../config/config';
import { CONFIG } from '../../../config/config.module';
import { describeFailure } from '../../../database/failures';
import { statement } from '../../../database/statement';
import { UnitOfWork } from '../../../database/unit-of-work';
import { WorkLoop } from '../../../database/work-loop';
import { Workers } from '../../../database/workers';
import { Problem } from '../../../http/problems/problem';
import { BatchesRepository } from '../batches/batches.repository';
import { LEASE_MS, NotOurs, witness } from './import-claim';
import { ImportLoader } from './import-loader';
import { ImportUndoer } from './import-undoer';
import { asFileProblem } from '../files/sources';

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

const keep = statement(
  'imports.keep',
  `UPDATE import_batches SET lease_until = now() + make_interval(secs => $4::float8 / 1000)
   WHERE tenant_id = $1 AND id = $2 AND token = $3 AND lease_until IS NOT NULL`,
);

/**
 * Loads and undoes large batches, chunk by chunk, each chunk in a transaction of its own together with its progress: a killed process
 * leaves a batch behind its last chunk, and whoever claims it next goes on there. One process works on a batch at a time; the token
 * of its claim is asked for in every chunk. Between chunks it rests, so that punches of the same moment find the database free.
 */
@Injectable()
export class ImportWorker extends WorkLoop {
  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly loader: ImportLoader,
    private readonly undoer: ImportUndoer,
    private readonly ledger: Ledger,
    workers: Workers,
    @Inject(CONFIG) config: Config,
  ) {
    super(workers.named('imports', new Logger('ImportWorker')), config.IMPORT_WORKER);
  }

  /** Claims a batch and works on it to its end; false when there is none. */
  protected async next(): Promise<boolean> {
    const claimed = await this.work.write(PLATFORM_TENANT, (tx) => tx.row<Claim>(claim, [LEASE_MS]));
    if (!claimed) return false;
    const { tenant_id: tenantId, batch_id: id, token, status } = claimed;
    const beat = setInterval(() => void this.keep(tenantId, id, token).catch(() => undefined), LEASE_MS / 3);
    try {
      const held = { tenantId, id, token, stop: this.stopping };
      await (status === 'rolling_back' ? this.undoer.undo(held) : this.loader.load(held));
    } catch (error) {
      if (this.isStopping) return false; // another process, or our next life, goes on
      await this.failed(tenantId, id, token, error);
    } finally {
      clearInterval(beat);
    }
    return true;
  }

  private async keep(tenantId: string, id: string, token: string): Promise<void> {
    await this.work.write(tenantId, (tx) => tx.run(keep, [tenantId, id, token, LEASE_MS]));
  }

  /** What cannot be loaded is failed, with the reason; what is only away for a moment is tried again when its lease has run out. */
  private async failed(tenantId: string, id: string, token: string, error: unknown): Promise<void> {
    if (error instanceof NotOurs) return;
    const problem = asFileProblem(error);
    const isFinal = problem instanceof Problem && problem.status < 500;
    const next = `next try when its lease has run out, in ${LEASE_MS / 1000} s`;
    this.worker.log.warn(
      `Import ${id} failed: ${describeFailure(problem)}; ${isFinal ? 'it is not tried again' : next}`,
    );
    if (!isFinal) return;
    await this.work.write(tenantId, async (tx) => {
      await this.batches.settle(tx, id, 'failed', ['running'], { token, error: problem.detail });
      const ended = await this.batches.find(tx, id);
      if (ended) witness(this.ledger, tx, ended, { status: ended.status, error: problem.detail });
    });
  }
}
