import { Injectable } from '@nestjs/common';
import { Ledger } from '../../../audit/ledger/ledger';
import { UnitOfWork } from '../../../database/unit-of-work';
import { BatchesRepository } from '../batches/batches.repository';
import { type Held, NotOurs, rest, unhurriedly, witness } from './import-claim';
import { BEYOND, middleOf, undoChunk } from '../rollback/undo';

const PUNCHES_AT_ONCE = 10_000;

/**
 * Undoes a batch, chunk by chunk. Beginning again changes nothing, so no progress is kept. A batch that replaced nothing is undone from
 * its beginning and from its middle at the same time: its halves have nothing to do with each other.
 */
@Injectable()
export class ImportUndoer {
  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly ledger: Ledger,
  ) {}

  async undo(held: Held): Promise<void> {
    const { tenantId, id, token } = held;
    const { middle, mode } = await this.work.read(tenantId, async (tx) => ({
      middle: await middleOf(tx, id),
      mode: (await this.batches.find(tx, id))?.options.mode,
    }));
    if (mode === 'override') await this.lines(held, '0', BEYOND);
    else await Promise.all([this.lines(held, '0', middle), this.lines(held, middle, BEYOND)]);
    await this.work.write(tenantId, async (tx) => {
      if (!(await this.batches.settle(tx, id, 'rolled_back', ['rolling_back'], { token }))) throw new NotOurs();
      const ended = await this.batches.find(tx, id);
      if (ended) witness(this.ledger, tx, ended, { status: ended.status });
    });
  }

  private async lines({ tenantId, id, stop }: Held, from: string, until: string): Promise<void> {
    for (let line: string | undefined = from; line !== undefined;) {
      if (stop.aborted) throw new NotOurs();
      const first: string = line;
      line = await this.work.write(tenantId, (tx) => {
        unhurriedly(tx);
        return undoChunk(tx, id, { from: first, until }, PUNCHES_AT_ONCE);
      });
      await rest(2, stop);
    }
  }
}
