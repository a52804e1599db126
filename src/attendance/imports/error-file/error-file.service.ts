import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { notFound, Problem } from '../../../http/problems/problem';
import { impatient } from '../../files/impatient';
import { BatchesRepository } from '../batches/batches.repository';
import { ImportFiles } from '../files/import-files';
import type { RowFault } from '../loading/row-fault';
import { byLine } from './line-faults';
import { rejectedRows } from './rejected-rows';

const FAULTS_AT_ONCE = 1_000;
const PATIENCE_MS = 60_000;

/** The rejected rows of a batch as a file to correct and upload again. */
@Injectable()
export class ErrorFile {
  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly files: ImportFiles,
  ) {}

  /** Throws not_found, and import_file_gone where the file has been deleted since. */
  async open(by: Principal, id: string, limit: number): Promise<Readable> {
    const batch = await this.work.read(by.tenantId, (tx) => this.batches.find(tx, id));
    if (!batch) throw notFound('import batch');
    const stored = await this.files.find(by.tenantId, batch.file_id);
    if (!stored) throw gone();
    const file = await this.files.fetch(by.tenantId, stored.id);
    if (file.bytes !== stored.bytes) {
      await file.remove(); // deleted while it was fetched
      throw gone();
    }
    const faults = byLine(this.faults(by.tenantId, id));
    const stream = impatient(rejectedRows(file.path, stored.detected, faults, limit), PATIENCE_MS);
    // Also of a client who went away before the first byte.
    stream.once('close', () => void file.remove().catch(() => undefined));
    return stream;
  }

  private async *faults(tenantId: string, id: string): AsyncGenerator<readonly RowFault[]> {
    let after: readonly [line: number, n: number] = [-1, -1];
    for (;;) {
      const [line, n] = after;
      const page = await this.work.read(tenantId, (tx) => this.batches.errorsAfter(tx, id, line, n, FAULTS_AT_ONCE));
      yield page;
      const last = page.at(-1);
      if (!last || page.length < FAULTS_AT_ONCE) return;
      after = [last.line, last.n];
    }
  }
}

const gone = () =>
  new Problem(
    'import_file_gone',
    'The file of this batch has been deleted: files are kept for seven days. What was wrong is still listed without `as=rows`.',
  );
