import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Config } from '../../../config/config';
import { CONFIG } from '../../../config/config.module';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Problem } from '../../../http/problems/problem';
import { discard } from '../../../http/body/streamed-body';
import type { Detected } from '../reading/detected';
import { type LocalFile, receive, sweepTemporaryFiles } from './temporary-files';

const PIECE = 1024 * 1024;

const insertFile = statement(
  'imports.insert_file',
  `INSERT INTO import_files (tenant_id, id, file_name, bytes, sha256, detected, uploaded_by) VALUES ($1, $2, $3, $4, $5, $6::json, $7)`,
);
const insertPiece = statement(
  'imports.insert_piece',
  'INSERT INTO import_file_pieces (tenant_id, file_id, n, piece) VALUES ($1, $2, $3, $4)',
);
const readFile = statement(
  'imports.read_file',
  "SELECT id, file_name, bytes::text AS bytes, encode(sha256, 'hex') AS sha256, detected FROM import_files WHERE tenant_id = $1 AND id = $2",
);
const readPiece = statement(
  'imports.read_piece',
  'SELECT piece FROM import_file_pieces WHERE tenant_id = $1 AND file_id = $2 AND n = $3',
);
const storedBytes = statement(
  'imports.stored_bytes',
  'SELECT coalesce(sum(bytes), 0)::text AS bytes FROM import_files WHERE tenant_id = $1',
);
const lockSpace = statement(
  'imports.lock_space',
  `SELECT pg_advisory_xact_lock(hashtextextended('import files of ' || $1::text, 0))`,
);

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly detected: Detected;
}

interface FileRow extends Record<string, unknown> {
  id: string;
  file_name: string;
  bytes: string;
  sha256: string;
  detected: Detected;
}

/**
 * Files of imports. They pass through a temporary file here, and live in the database in pieces: replicas share nothing else, and
 * a job that another one takes over needs its file. Memory holds one piece at a time.
 */
@Injectable()
export class ImportFiles implements OnApplicationBootstrap {
  private readonly log = new Logger(ImportFiles.name);
  private readonly mostBytes: number;
  /** Bytes of uploads on this machine's disk, by tenant. */
  private readonly underWay = new Map<string, number>();

  constructor(
    private readonly work: UnitOfWork,
    @Inject(CONFIG) config: Config,
  ) {
    this.mostBytes = config.IMPORT_STORAGE_MIB_PER_TENANT * 1024 * 1024;
  }

  /** Removes what a killed process has left of its uploads and imports. */
  async onApplicationBootstrap(): Promise<void> {
    const swept = await sweepTemporaryFiles();
    if (swept > 0) this.log.log(`Removed ${swept} temporary files of processes that were killed`);
  }

  /** Takes an upload to its end. Throws import_storage_full beside what `receive` does: the disk of this machine has an end, too. */
  async take(tenantId: string, source: Readable): Promise<LocalFile> {
    let taken = 0;
    const giveBack = () => {
      const left = (this.underWay.get(tenantId) ?? 0) - taken;
      taken = 0;
      if (left > 0) this.underWay.set(tenantId, left);
      else this.underWay.delete(tenantId);
    };
    const count = (bytes: number) => {
      taken += bytes;
      this.underWay.set(tenantId, (this.underWay.get(tenantId) ?? 0) + bytes);
      if ((this.underWay.get(tenantId) ?? 0) <= this.mostBytes) return;
      giveBack(); // at once: of several that meet here, those that fit go on
      throw this.full();
    };
    try {
      await this.work.read(tenantId, (tx) => this.requireSpace(tx, 1));
      const file = await receive(source, count);
      return { ...file, remove: () => file.remove().finally(giveBack) };
    } catch (error) {
      giveBack();
      await discard(source).catch(() => undefined); // many a sender reads no answer before the end of its file
      throw error;
    }
  }

  /** Stores a local file in the transaction of the upload. Throws import_storage_full. */
  async save(
    tx: Transaction,
    id: string,
    name: string,
    file: LocalFile,
    detected: Detected,
    by: string,
  ): Promise<void> {
    const { path: from, bytes, sha256 } = file;
    await this.requireSpace(tx, bytes);
    await tx.run(insertFile, [tx.tenantId, id, name, bytes, sha256, JSON.stringify(detected), by]);
    let n = 0;
    for await (const piece of createReadStream(from, { highWaterMark: PIECE })) {
      await tx.run(insertPiece, [tx.tenantId, id, n, piece]);
      n += 1;
    }
    // Of uploads that end together the later one waits here, for as long as the earlier one takes to commit, and counts it.
    await tx.run(lockSpace, [tx.tenantId]);
    await this.requireSpace(tx, 0);
  }

  /** Throws import_storage_full where the tenant's files and so many bytes more are beyond the limit. */
  private async requireSpace(tx: Transaction, more: number): Promise<void> {
    const row = await tx.row<{ bytes: string }>(storedBytes, [tx.tenantId]);
    if (Number(row?.bytes ?? 0) + more > this.mostBytes) throw this.full();
  }

  private full(): Problem {
    const most = this.mostBytes / 1024 / 1024;
    return new Problem(
      'import_storage_full',
      `The files of this tenant's imports may have ${most} MiB together. Each is kept for seven days: upload more when the oldest are gone, smaller ones, or ask whoever runs the server for more.`,
    );
  }

  find(tenantId: string, id: string): Promise<StoredFile | undefined> {
    return this.work.read(tenantId, async (tx) => {
      const row = await tx.row<FileRow>(readFile, [tenantId, id]);
      if (!row) return undefined;
      const { file_name: name, bytes, sha256, detected } = row;
      return { id, name, bytes: Number(bytes), sha256, detected };
    });
  }

  /** Brings a stored file to this machine's disk. */
  async fetch(tenantId: string, id: string): Promise<LocalFile> {
    const { work } = this;
    async function* pieces() {
      for (let n = 0; ; n += 1) {
        const row = await work.read(tenantId, (tx) => tx.row<{ piece: Buffer }>(readPiece, [tenantId, id, n]));
        if (!row) return;
        yield row.piece;
      }
    }
    return receive(Readable.from(pieces()));
  }
}
