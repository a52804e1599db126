import type { OpenAPIObject } from '@nestjs/swagger';
import { anyRefusal, refusal, type RefusalStatus } from './components';

/** What a route demands of its caller. The document shows it; auth/ enforces it. */
export interface RouteAccess {
  readonly kind: 'public' | 'signed-in' | 'permission';
  readonly anyOf?: readonly string[];
}

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

interface OperationContext {
  readonly path: string;
  readonly method: string;
  readonly writes: boolean;
  readonly replayed: boolean;
  readonly access: RouteAccess;
}

/** Adds what follows from a route's policies, so that no controller repeats it and none can contradict it. */
export function completeOperation(operation: Operation, context: OperationContext): void {
  operation.responses = { ...operation.responses, ...missing(operation, context) };
  if (context.access.kind === 'public') operation.security = [];
  if (context.access.anyOf && context.access.anyOf.length > 0) {
    const needs = `Needs ${context.access.anyOf.map((permission) => `\`${permission}\``).join(' or ')}.`;
    operation.description = operation.description ? `${operation.description}\n\n${needs}` : needs;
  }
  const parameters = (operation.parameters ?? []).map((parameter) =>
    isIfMatch(parameter) ? { $ref: '#/components/parameters/IfMatch' } : withFormat(parameter),
  );
  if (context.replayed) parameters.push({ $ref: '#/components/parameters/IdempotencyKey' });
  operation.parameters = parameters;
  if (context.replayed) showReplay(operation);
}

function missing(operation: Operation, { path, access, replayed, writes }: OperationContext) {
  const api = path.startsWith('/api/');
  const statuses: RefusalStatus[] = [
    400,
    ...(access.kind === 'public' ? [] : ([401] as const)),
    ...(access.kind === 'permission' ? ([403] as const) : []),
    ...(path.includes('{') ? ([404] as const) : []),
    ...(writes || replayed ? ([409] as const) : []),
    ...(operation.parameters?.some(isIfMatch) ? ([412] as const) : []),
    ...(operation.requestBody ? ([413, 415] as const) : []),
    ...(writes || replayed ? ([422] as const) : []),
    ...(api ? ([429] as const) : []),
    503,
  ];
  const known = new Set(Object.keys(operation.responses));
  const added = statuses
    .filter((status) => !known.has(String(status)))
    .map((status) => [status, refusal(status)] as const);
  return Object.fromEntries<{ $ref: string }>([
    ...added,
    ...(known.has('default') ? [] : [['default', anyRefusal] as const]),
  ]);
}

/** Handlers take the header as an optional argument, which the library shows as one that must be sent. */
const isIfMatch = (parameter: Parameter) =>
  !('$ref' in parameter) && parameter.in === 'header' && parameter.name.toLowerCase() === 'if-match';

/** Ids in paths are UUIDs everywhere; the pipe that checks them is invisible to the document. */
function withFormat(parameter: Parameter): Parameter {
  if ('$ref' in parameter || parameter.in !== 'path') return parameter;
  if (parameter.name === 'date') {
    return {
      ...parameter,
      schema: { type: 'string', format: 'date' },
      description: 'A local date.',
      example: '2026-11-16',
    };
  }
  if (!/^(?:id|.*Id)$/.test(parameter.name)) return parameter;
  return {
    ...parameter,
    schema: { type: 'string', format: 'uuid' },
    description: parameter.description ?? 'An id from an earlier answer.',
  };
}

function showReplay(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!status.startsWith('2') || !response || '$ref' in response) continue;
    response.headers = {
      ...response.headers,
      'Idempotent-Replayed': {
        description: '`true` when this is the kept answer of an earlier request with the same key.',
        schema: { type: 'string', enum: ['true'] },
      },
      ...(status === '201'
        ? { Location: { description: 'Where the new resource is.', schema: { type: 'string' } } }
        : {}),
    };
  }
}
