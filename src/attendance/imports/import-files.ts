import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problem';
import type { Detected } from './reading/detected';

/** The largest file that is taken, in bytes. */
export const LARGEST_FILE = 500 * 1024 * 1024;
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

/** A file on this machine's disk for as long as it is needed. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Buffer;
  remove(): Promise<void>;
}

/**
 * Files of imports. They pass through a temporary file here, and live in the database in pieces: replicas share nothing else, and
 * a job that another one takes over needs its file. Memory holds one piece at a time.
 */
@Injectable()
export class ImportFiles {
  constructor(private readonly work: UnitOfWork) {}

  /** Takes a stream to the end, or nothing of it: throws body_too_large, and bad_request when it was cut off. */
  async receive(source: Readable): Promise<LocalFile> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-import-'));
    const file = path.join(folder, 'file');
    const remove = () => rm(folder, { recursive: true, force: true });
    const digest = createHash('sha256');
    let bytes = 0;
    try {
      await pipeline(
        source,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            bytes += chunk.length;
            if (bytes > LARGEST_FILE) throw tooLarge();
            digest.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(file, { mode: 0o600 }),
      );
      return { path: file, bytes, sha256: digest.digest(), remove };
    } catch (error) {
      await remove();
      if (error instanceof Problem) throw error;
      throw new Problem('bad_request', 'The upload ended before its length. Send the file again.', { cause: error });
    }
  }

  /** Stores a local file in the transaction of the upload. */
  async keep(
    tx: Transaction,
    id: string,
    name: string,
    file: LocalFile,
    detected: Detected,
    by: string,
  ): Promise<void> {
    const { path: from, bytes, sha256 } = file;
    await tx.run(insertFile, [tx.tenantId, id, name, bytes, sha256, JSON.stringify(detected), by]);
    let n = 0;
    for await (const piece of createReadStream(from, { highWaterMark: PIECE })) {
      await tx.run(insertPiece, [tx.tenantId, id, n, piece]);
      n += 1;
    }
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
    return this.receive(Readable.from(pieces()));
  }
}

const tooLarge = () =>
  new Problem('body_too_large', `A file may have ${LARGEST_FILE / 1024 / 1024} MiB at most. Split it by month.`);
