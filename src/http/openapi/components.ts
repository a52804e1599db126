import type { OpenAPIObject } from '@nestjs/swagger';
import { type ProblemCode, problems } from '../problems/problem';

type Components = NonNullable<OpenAPIObject['components']>;
type Schemas = NonNullable<Components['schemas']>;
type Responses = NonNullable<Components['responses']>;

const seconds = { schema: { type: 'integer', minimum: 0 } } as const;
const headers = {
  429: { 'Retry-After': { description: 'Seconds to wait.', ...seconds } },
  503: { 'Retry-After': { description: 'Seconds to wait.', ...seconds } },
  401: { 'WWW-Authenticate': { description: 'How to prove who you are.', schema: { type: 'string' } } },
} as const;

/** The refusals that operations share: name of the component, status, what it means, the code of its example. */
const refusals = [
  ['BadRequest', 400, 'The request cannot be read, or a value in it is not valid.', 'validation_failed'],
  ['Unauthorized', 401, 'There is no token, or it is not valid (any more).', 'unauthorized'],
  ['Forbidden', 403, 'The token is valid but does not allow this.', 'forbidden'],
  ['NotFound', 404, 'There is no such thing, or it is not yours to see: the two answers do not differ.', 'not_found'],
  [
    'Conflict',
    409,
    'This contradicts the present state, or the same key is being used right now.',
    'idempotency_key_in_use',
  ],
  [
    'PreconditionFailed',
    412,
    'Somebody changed this since the version in `If-Match` was read. Read it again.',
    'precondition_failed',
  ],
  ['PayloadTooLarge', 413, 'The body is larger than this server takes.', 'body_too_large'],
  ['UnsupportedMediaType', 415, 'The body is not JSON in UTF-8.', 'unsupported_media_type'],
  [
    'UnprocessableContent',
    422,
    'The key was used for another request, or the body contradicts the data.',
    'idempotency_key_reused',
  ],
  ['TooManyRequests', 429, 'The quota is used up.', 'quota_exceeded'],
  [
    'ServiceUnavailable',
    503,
    'The server is busy, cannot reach its database, or took too long. A change may have been made all the same: repeat it ' +
      'with the same key to find out. After `overloaded` nothing was done.',
    'overloaded',
  ],
] as const satisfies readonly (readonly [string, number, string, ProblemCode])[];

export type RefusalStatus = (typeof refusals)[number][1];

const names = new Map<number, string>(refusals.map(([name, status]) => [status, name]));

/** Reference to the shared answer for a status. */
export const refusal = (status: RefusalStatus) => ({
  $ref: `#/components/responses/${names.get(status) ?? 'Problem'}`,
});

/** Reference to the answer for every refusal that is not listed, so that no status is undocumented. */
export const anyRefusal = { $ref: '#/components/responses/Problem' };

const problem = { $ref: '#/components/schemas/Problem' };

const problemSchema: Schemas[string] = {
  type: 'object',
  description: 'Problem details (RFC 9457). Some codes bring members of their own, such as `state` and `allowedNext`.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: {
      type: 'string',
      description: 'Identifies the kind of problem.',
      example: 'urn:rollcall:problem:validation_failed',
    },
    title: { type: 'string', description: 'The status in words.', example: 'Bad Request' },
    status: { type: 'integer', minimum: 400, maximum: 599, example: 400 },
    detail: { type: 'string', description: 'What is wrong and what to do about it, for people.' },
    instance: { type: 'string', description: 'The path that was asked for.', example: '/api/punches' },
    code: { type: 'string', description: 'What to program against.', enum: Object.keys(problems) },
    requestId: { type: 'string', description: 'Finds this request in logs and trails.' },
    errors: { type: 'array', description: 'Every fault at once.', items: { $ref: '#/components/schemas/Fault' } },
  },
  additionalProperties: true,
};

const faultSchema: Schemas[string] = {
  type: 'object',
  required: ['pointer', 'code', 'detail'],
  properties: {
    pointer: {
      type: 'string',
      description: 'JSON pointer into the body, or `?name` in the query.',
      example: '/punches/3/type',
    },
    code: { type: 'string', example: 'not_allowed' },
    detail: { type: 'string', example: 'must be one of "in", "out"' },
  },
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes repeating safe. The first request with a key is done and its answer kept for 24 hours; every repetition with the ' +
    'same method, path, body and `If-Match` gets the same answer again, byte for byte, with `Idempotent-Replayed: true`. The same key ' +
    'with another one of these is refused (422), while the first one still runs it is refused too (409, see `Retry-After`). ' +
    'Printable ASCII, quoted or not; use a new random value, such as a UUID, for each thing you want done.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]{1,255}$' },
} as const;

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of your last read: the change is made only if nobody else made one since, else 412. Absent or `*` asks for nothing.',
  schema: { type: 'string' },
  example: '"3"',
} as const;

/** What the operations refer to, beside the schemas of the bodies. */
export function components(schemas: Schemas): Components {
  const responses: Responses = { Problem: answer('Any other refusal.') };
  for (const [name, status, description, code] of refusals)
    responses[name] = {
      ...answer(description, code, status),
      ...(status in headers ? { headers: headersOf(status) } : {}),
    };
  return {
    schemas: { ...schemas, Problem: problemSchema, Fault: faultSchema },
    responses,
    parameters: { IdempotencyKey: idempotencyKey, IfMatch: ifMatch },
  };
}

const headersOf = (status: number) => Object.entries(headers).find(([known]) => known === String(status))?.[1] ?? {};

function answer(description: string, code?: ProblemCode, status?: number) {
  const example = code && {
    type: `urn:rollcall:problem:${code}`,
    title: description,
    status,
    detail: description,
    code,
    instance: '/api/punches',
    requestId: '0198b0c7-5d3e-7cc4-9a2e-3f1d2c4b5a69',
  };
  return { description, content: { 'application/problem+json': { schema: problem, ...(example ? { example } : {}) } } };
}
