import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { periodClosed } from '../../../database/failures';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { notFound, Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { lockPeriodsShared } from '../../closed-periods/closed-periods';
import { BatchesRepository } from '../batches/batches.repository';
import { type BatchRow, countsOf } from '../batches/import-batch';
import { ImportWorker } from '../jobs/import-worker';
import { refuseSuperseded, replacedIsClosed } from '../rollback/replaced-punches';
import { rollBackChunk } from '../rollback/rollback-chunk';

/** Up to this many punches are rolled back while the caller waits. */
const AT_ONCE = 5_000;

// By the UTC date with a day on either side, so that no time zone opens a closed date.
const closed = statement(
  'imports.closed_punches',
  `SELECT EXISTS (SELECT FROM pay_periods c WHERE c.tenant_id = $1 AND c.status = 'closed' AND EXISTS (SELECT FROM punches p
     WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND p.status IN ('active', 'accepted')
       AND p.occurred_at >= c.start_date - 1 AND p.occurred_at < c.end_date + 2)) AS closed`,
);

const hasOwn = statement(
  'imports.has_punches_of',
  `SELECT EXISTS (SELECT FROM punches p WHERE p.tenant_id = $1 AND p.employee_id = $3 AND p.import_batch_id = $2
     AND p.status IN ('active', 'accepted')) AS own`,
);

/** Rolls back a whole batch, and cancels a running one. */
@Injectable()
export class RollbackService {
  constructor(
    private readonly writes: Writes,
    private readonly batches: BatchesRepository,
    private readonly worker: ImportWorker,
  ) {}

  /**
   * All punches of the batch become void: readable, with their line, but not counted. The punches that they replaced become active again.
   * Refused if something depends on the batch.
   */
  rollback(by: Principal, id: string): Write {
    return this.writes.change(async (tx) => {
      const before = await this.lockEnded(tx, id);
      lockPeriodsShared(tx);
      await refuseOwn(tx, id, by.userId);
      await refuseSuperseded(tx, id);
      const inClosed = await tx.row<{ closed: boolean }>(closed, [by.tenantId, id]);
      if (inClosed?.closed === true || (await replacedIsClosed(tx, id))) throw periodClosed();
      await this.batches.beginRollback(tx, id);
      const isSmall = punchesOf(before) <= AT_ONCE;
      if (isSmall) {
        for (let line: string | undefined = '0'; line !== undefined;)
          line = await rollBackChunk(tx, id, { from: line }, AT_ONCE);
        await this.batches.updateStatus(tx, id, 'rolled_back', ['rolling_back']);
      }
      const after = (await this.batches.find(tx, id)) ?? before;
      return {
        answer: {
          status: isSmall ? 200 : 202,
          body: { batchId: id, jobId: id, status: after.status, counts: countsOf(after), idempotent: false },
          location: `/api/attendance/import/jobs/${id}`,
        },
        audit: [
          {
            entity: 'import_batch',
            action: 'rollback',
            entityId: id,
            before: { status: before.status },
            after: {
              status: after.status,
              punches: Number(before.created_count),
              ...(Number(before.updated_count) > 0 ? { restoredRows: Number(before.updated_count) } : {}),
            },
          },
        ],
        committed: () => {
          this.worker.wake();
        },
      };
    });
  }

  /** Stops after the current chunk. The loaded punches stay, and can be rolled back. */
  cancel(_by: Principal, id: string): Write {
    return this.writes.change(async (tx) => {
      const before = await this.batches.lock(tx, id);
      if (!before) throw notFound('import job');
      if (before.status !== 'queued' && before.status !== 'running') throw inStatus(before, 'cancelled');
      await this.batches.updateStatus(tx, id, 'cancelled', ['queued', 'running']);
      const after = (await this.batches.find(tx, id)) ?? before;
      return {
        answer: {
          status: 200,
          body: { batchId: id, jobId: id, status: after.status, counts: countsOf(after), idempotent: false },
        },
        audit: [
          {
            entity: 'import_batch',
            action: 'cancel',
            entityId: id,
            before: { status: before.status },
            after: { status: after.status },
          },
        ],
      };
    });
  }

  private async lockEnded(tx: Transaction, id: string): Promise<BatchRow> {
    const batch = await this.batches.lock(tx, id);
    if (!batch) throw notFound('import batch');
    if (!['completed', 'failed', 'cancelled'].includes(batch.status)) throw inStatus(batch, 'rolled back');
    return batch;
  }
}

/** How many punches a batch has recorded, at most: the row of a day may have eight. */
const punchesOf = ({ created_count: created, updated_count: updated }: BatchRow) =>
  Number(created) + 8 * Number(updated);

const inStatus = ({ status }: BatchRow, what: string) =>
  new Problem('conflict', `This batch is ${status.replace('_', ' ')}; it cannot be ${what} now.`, {
    members: { currentStatus: status },
  });

/** Refuses a rollback by somebody whose own punches it would void. Punches in quarantine are not counted anyway. */
async function refuseOwn(tx: Transaction, batchId: string, userId: string): Promise<void> {
  const found = await tx.row<{ own: boolean }>(hasOwn, [tx.tenantId, batchId, userId]);
  if (found?.own !== true) return;
  throw new Problem(
    'self_approval',
    'This batch recorded punches of your own, and nobody deletes those. Ask another administrator to roll it back.',
  );
}
