import { hash } from 'node:crypto';
import stringify from 'safe-stable-stringify';

/** A write that may be repeated: where the key counts, and what was asked. Both SHA-256; the key itself is kept nowhere. */
export interface KeyedRequest {
  /** Principal, method, concrete path and key. */
  readonly scope: Buffer;
  /** Key, method, path, query, media type, canonical body and precondition: without the key, nobody can guess a password from it. */
  readonly fingerprint: Buffer;
}

interface RequestParts {
  readonly principalId: string;
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly mediaType: string;
  /** The parsed body: two spellings of one value (`1` and `1.0`, `n` and its escape) are the same request. */
  readonly body: unknown;
  /** If-Match, where it was sent: the same change of another version is another request. */
  readonly ifMatch?: string | undefined;
}

export function keyedRequest(key: string, request: RequestParts): KeyedRequest {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = query === '' ? '' : query.split('&').sort().join('&');
  const mediaType = request.mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const body = request.body === undefined ? '' : stringify(request.body);
  const precondition = request.ifMatch === undefined ? '' : `\n${request.ifMatch}`;
  return {
    scope: sha256(`${request.principalId}\n${request.method}\n${path}\n${key}`),
    fingerprint: sha256(`${key}\n${request.method}\n${path}\n${parameters}\n${mediaType}\n${body}${precondition}`),
  };
}

function sha256(text: string): Buffer {
  // One shot: an object for each hash would cost several times the hashing.
  return hash('sha256', text, 'buffer');
}
