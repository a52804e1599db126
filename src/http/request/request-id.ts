import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

const sane = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * The id under which a request is found again in the answer, the log and both trails. A caller's own id is taken when it
 * cannot break a log line or a header; a repeated header arrives joined by a comma and is therefore not sane.
 */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-correlation-id'];
  return typeof given === 'string' && sane.test(given) ? given : uuidv7();
}
