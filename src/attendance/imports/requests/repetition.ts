import stringify from 'safe-stable-stringify';
import { Problem } from '../../../http/problems/problem';
import type { BatchRow } from '../batches/import-batch';
import type { ImportCommit } from '../batches/import.schemas';
import { besideOf } from '../files/sources';

/**
 * A key stands for one file, read in one way: 422 `idempotency_key_reused` where a commit names another file than the batch that has
 * its key, or a reading that contradicts it. What a repetition leaves out, it does not contradict. `sha256`: hexadecimal, of
 * the file that the commit names; undefined where that is not kept any more.
 */
export function mustBeTheSame(batch: BatchRow, sha256: string | undefined, request: ImportCommit): void {
  const { kind, mode = 'skip', timeZone, mapping } = batch.options;
  const isSameFile =
    (request.fileId !== undefined && request.fileId === batch.file_id) ||
    batch.file_sha256 === null ||
    batch.file_sha256 === sha256;
  const differing = [
    isSameFile ? undefined : 'file',
    differs(request.kind, kind) ? 'kind' : undefined,
    differs(request.mode, mode) ? 'mode' : undefined,
    differs(request.timeZone, timeZone) ? 'timeZone' : undefined,
    contradicts({ ...request.mapping, ...besideOf(request) }, mapping) ? 'mapping' : undefined,
  ].filter((each) => each !== undefined);
  if (differing.length === 0) return;
  const detail = `belongs to another import (${differing.join(', ')} differ); send a new key with a new file`;
  throw new Problem(
    'idempotency_key_reused',
    'This idempotencyKey was used for another import. Send a new key with a new file; nothing was done.',
    { errors: [{ pointer: '/idempotencyKey', code: 'idempotency_key_reused', detail }] },
  );
}

const differs = (said: unknown, done: unknown) => said !== undefined && stringify(said) !== stringify(done);

/** Member by member: what a mapping leaves out was completed by the file. */
const contradicts = (said: object, done: unknown) => {
  const known = new Map(Object.entries(done ?? {}));
  return Object.entries(said).some(([member, value]) => differs(value, known.get(member)));
};
