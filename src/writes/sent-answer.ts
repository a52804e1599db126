import { type Problem, problemDocument } from '../http/problems/problem';
import type { StoredAnswer } from '../idempotency/key-store';
import type { Answer, SentAnswer, WriteContext } from './write';

const nothing = Buffer.alloc(0);
const jsonType = 'application/json; charset=utf-8';
const problemType = 'application/problem+json; charset=utf-8';

/** Turns an answer into the bytes that are stored and sent. */
export function encodeAnswer(answer: Answer): SentAnswer {
  const headers: Record<string, string> = {};
  if (answer.body !== undefined) headers['content-type'] = jsonType;
  if (answer.location !== undefined) headers['location'] = answer.location;
  if (answer.version !== undefined) headers['etag'] = `"${answer.version}"`;
  return {
    status: answer.status,
    headers,
    body: answer.body === undefined ? nothing : Buffer.from(JSON.stringify(answer.body)),
    replayed: false,
  };
}

/** A refusal by the domain, which is stored and replayed like any answer. */
export function encodeRefusal(problem: Problem, context: WriteContext): SentAnswer {
  const document = { ...problemDocument(problem), instance: context.path, requestId: context.requestId };
  return {
    status: problem.status,
    headers: { 'content-type': problemType, ...problem.extras.headers },
    body: Buffer.from(JSON.stringify(document)),
    replayed: false,
    problem,
  };
}

/** What a repetition gets. */
export function replayOf(stored: StoredAnswer): SentAnswer {
  return { ...stored, replayed: true };
}
