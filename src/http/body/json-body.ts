import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyInspection } from './json-faults';
import { duplicateNames, possibleMembers, syntaxFault } from './json-text';
import { type Fault, Problem, unsupportedMediaType } from '../problems/problem';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const jsonType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Makes JSON in UTF-8 the only body there is. Fastify's own parser takes any charset for UTF-8, keeps the last of two
 * equal names and lets 9007199254740993 become another number; each of those stores something that nobody sent.
 */
export function takeJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      done(null, readBody(request, body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), undefined);
    }
  });
}

function readBody(request: FastifyRequest, body: Buffer): unknown {
  // Such a route takes anything but JSON, and says so itself, to whoever may call it.
  if (request.routeOptions.config.streamed === true) return body;
  const type = request.headers['content-type'] ?? '';
  if (type !== 'application/json' && !jsonType.test(type)) throw unsupportedMediaType();
  // Several client libraries put the type on every request; without a body a DELETE says all it has to say.
  if (body.length === 0 && request.method === 'DELETE') return undefined;
  return parseJson(body);
}

/** Reads a body or throws a Problem that names every fault with its pointer. */
export function parseJson(body: Buffer): unknown {
  const text = decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const fault = syntaxFault(text);
    throw malformed(fault.detail, [fault]);
  }
  const inspection = new BodyInspection(value, text.includes('\\'));
  const faults =
    inspection.unfinished || possibleMembers(text) === inspection.members
      ? inspection.faults
      : [...inspection.faults, ...duplicateNames(text)];
  if (faults.length > 0)
    throw new Problem('validation_failed', 'The body holds what this service does not take; see errors.', {
      errors: faults,
    });
  return value;
}

function decode(body: Buffer): string {
  if (body.length === 0) throw malformed('The body is empty. Send a JSON value, or no Content-Type.');
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
  if (text.startsWith('\uFEFF')) throw malformed('The body begins with a byte order mark. Send it without.');
  return text;
}

const malformed = (detail: string, errors: readonly Fault[] = [{ pointer: '', code: 'malformed_json', detail }]) =>
  new Problem('malformed_json', detail, { errors });
