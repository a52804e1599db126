import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import { readText } from '../../http/body/streamed-body';
import { uploadedLines, LONGEST } from './attlog-lines';
import type { Device } from './device';
import { DevicesRepository } from './devices.repository';
import { RejectsRepository } from './rejects.repository';

const MOST_BYTES = 256 * 1024;
/** Lines of tables that nobody reads that are kept for a terminal. Enough to see what it is; the terminal keeps the rest. */
const MOST_LINES = 1000;
const UNREAD = 'table_unread';

/**
 * Tables that are not known here. They may hold punches, and a terminal deletes what was answered with OK: so they are kept as they are
 * for an operator, and what cannot be kept is refused, so that the terminal keeps it. Either is counted.
 */
@Injectable()
export class UnreadTables {
  constructor(
    private readonly work: UnitOfWork,
    private readonly devices: DevicesRepository,
    private readonly rejects: RejectsRepository,
    @InjectMetric('terminal_unread_uploads_total') private readonly uploads: Counter<'result'>,
  ) {
    for (const result of ['kept', 'refused']) uploads.inc({ result }, 0);
  }

  /** Resolves with the number of lines once they are committed; throws unsupported_media_type where they are not kept. */
  async keep(tenantId: string, device: Device, table: string, body: unknown): Promise<number> {
    const lines = await this.linesOf(body);
    const name = /^[\w ]{1,40}$/.test(table) ? table : 'without a name';
    const isKept =
      lines !== undefined &&
      (await this.work.write(tenantId, async (tx) => {
        // Uploads of one terminal take turns, so that together they keep to the bound.
        await this.devices.lock(tx, tenantId, device.id);
        const kept = await this.rejects.count(tx, tenantId, device.id, UNREAD);
        if (kept + lines.length > MOST_LINES) return false;
        const detail = `The table ${name} is not read here. Set the terminal to send ATTLOG, enter what is missing by hand, and dismiss the line.`;
        await this.rejects.settle(
          tx,
          tenantId,
          device.id,
          [],
          lines.map((text) => ({ text, reason: UNREAD, detail })),
        );
        return true;
      }));
    this.uploads.inc({ result: isKept ? 'kept' : 'refused' });
    if (!isKept)
      throw new Problem('unsupported_media_type', `table: ${name} is not read here. Set the terminal to send ATTLOG.`);
    return lines.length;
  }

  /** Undefined for what is no text of short lines: pictures and templates of somebody's body are never kept. */
  private async linesOf(body: unknown): Promise<string[] | undefined> {
    const text = await readText(body, MOST_BYTES);
    const isText = !/[\0\ufffd]/.test(text) && text.split(/[\r\n]/).every((line) => line.length <= LONGEST);
    return isText ? uploadedLines(text) : undefined;
  }
}
