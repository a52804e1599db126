import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../../auth/principal';
import { Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { removeAfter } from '../files/temporary-files';
import { ImportFiles } from '../files/import-files';
import { guessed, ProfileChoice } from '../profiles/profile-choice';
import { inspected } from '../files/sources';

/** Takes files in. */
@Injectable()
export class UploadService {
  constructor(
    private readonly writes: Writes,
    private readonly files: ImportFiles,
    private readonly choice: ProfileChoice,
  ) {}

  /** Receives a body to its end; what it is stands in the answer. `expected` is the digest that the client sent along. */
  async upload(
    by: Principal,
    body: Readable,
    hints: {
      readonly fileName: string;
      readonly sheet: string | undefined;
      readonly mediaType: string | undefined;
      readonly expected: Buffer | undefined;
    },
  ): Promise<{ write: Write; sha256: string }> {
    const file = await this.files.take(by.tenantId, body);
    try {
      if (hints.expected !== undefined && !file.sha256.equals(hints.expected)) {
        throw new Problem(
          'digest_mismatch',
          'What arrived is not what was sent: the digests differ. Upload the file again.',
        );
      }
      const mediaType = hints.mediaType === undefined ? {} : { mediaType: hints.mediaType };
      const detected = await inspected(file.path, { fileName: hints.fileName, sheet: hints.sheet, ...mediaType });
      const guess = guessed(detected, await this.choice.make(by.tenantId, {}, detected));
      const sha256 = file.sha256.toString('hex');
      const write = this.writes.change(async (tx) => {
        const id = uuidv7();
        await this.files.save(tx, id, hints.fileName, file, detected, by.userId);
        const { bytes } = file;
        return {
          answer: {
            status: 201,
            body: { fileId: id, bytes, sha256, ...guess },
            location: `/api/attendance/import/files/${id}`,
          },
          audit: [
            {
              entity: 'import_file',
              action: 'create',
              entityId: id,
              after: { fileName: hints.fileName, bytes, sha256 },
            },
          ],
        };
      });
      return { write: removeAfter(write, file), sha256 };
    } catch (error) {
      await file.remove();
      throw error;
    }
  }
}
