import type { FastifyReply, FastifyRequest } from 'fastify';
import { TenantScopeViolation } from '../../database/tenant-scope';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import type { Problem } from '../../http/problems/problem';
import type { AuditTarget } from '../ledger/audited.decorator';
import { clientAddress, pathOf, templateOf } from '../../http/request/request-target';
import { boundedCopy, headerText, inetOf, printable } from '../ledger/stored-text';
import type { TrailEvent } from './trail.schemas';

const USER_AGENT = 256;
const RESOURCE_ID = 200;
const REASON = 300;

/** What is kept of a call until it is written: enough, and nothing that keeps the request itself alive. */
export interface TrailLine {
  readonly tenantId: string;
  readonly userId: string | null;
  readonly method: string;
  readonly template: string;
  readonly resourceId: string | null;
  readonly statusCode: number;
  readonly problem: Problem | undefined;
  readonly userAgent: string | undefined;
  readonly replayed: boolean;
  /** What the route writes; undefined where it reads, or the call got no further than the guards. */
  readonly audited: AuditTarget | undefined;
  readonly address: string;
  readonly durationMs: number;
  readonly requestId: string;
  readonly answeredAt: number;
}

/** Routes under /api that say nothing of anybody: what a load balancer asks every few seconds is no evidence. */
const unrecorded = new Set(['/api/version']);

/** The line of a call, taken when its answer is out; undefined for probes, metrics and pages. On the path of every punch. */
export function lineOf(request: FastifyRequest, reply: FastifyReply): TrailLine | undefined {
  const template = templateOf(request) ?? (isApi(pathOf(request.raw.url ?? '/')) ? '(no route)' : '');
  if (!(isApi(template) || template === '(no route)') || unrecorded.has(template)) return undefined;
  const { principal } = request;
  const userAgent = request.headers['user-agent'];
  return {
    tenantId: principal?.tenantId ?? PLATFORM_TENANT,
    userId: principal?.userId ?? null,
    method: request.method,
    template,
    resourceId: idIn(request.params),
    statusCode: reply.statusCode,
    problem: request.problem,
    userAgent: userAgent === undefined ? undefined : boundedCopy(userAgent, USER_AGENT),
    replayed: reply.getHeader('idempotent-replayed') !== undefined,
    audited: request.audited,
    address: clientAddress(request),
    durationMs: reply.elapsedTime,
    requestId: request.id,
    answeredAt: Date.now(),
  };
}

const isApi = (path: string) => path.startsWith('/api/');

/** Parameters that are themselves a right, such as a signed link: whoever reads a log must not be able to use them. */
const secretParameters = new Set(['link', 'secret']);

/** The id in the path: the parameter called `id`, else the first one that is no secret. */
function idIn(params: unknown): string | null {
  if (typeof params !== 'object' || params === null) return null;
  const named: unknown = 'id' in params ? params.id : undefined;
  if (typeof named === 'string') return boundedCopy(named, RESOURCE_ID);
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'string' && !secretParameters.has(name)) return boundedCopy(value, RESOURCE_ID);
  return null;
}

/** The line once more for operators, who answer for what keeps tenants apart; undefined for all but violations of it. */
export function operatorsLineOf(line: TrailLine): TrailLine | undefined {
  if (!violationIn(line.problem) || line.tenantId === PLATFORM_TENANT) return undefined;
  return { ...line, tenantId: PLATFORM_TENANT, resourceId: null };
}

function violationIn(problem: Problem | undefined): TenantScopeViolation | undefined {
  const cause = problem?.extras.cause;
  return cause instanceof TenantScopeViolation ? cause : undefined;
}

/** What happened, in a word that can be filtered by. */
export function eventOf({ statusCode, problem }: Pick<TrailLine, 'statusCode' | 'problem'>): TrailEvent {
  if (statusCode < 400) return 'api.call';
  if (violationIn(problem)) return 'tenant.violation';
  if (statusCode >= 500) return 'api.failed';
  switch (statusCode) {
    case 401:
      return 'auth.refused';
    case 403:
      return 'access.refused';
    case 404:
      return 'not_found';
    case 429:
      return 'quota.refused';
    default:
      return 'api.refused';
  }
}

/** The line as the columns of operation_logs, in the order of the statement's parameters. */
export function trailColumns(line: TrailLine): unknown[] {
  return [
    line.tenantId,
    eventOf(line),
    line.userId,
    line.template,
    line.resourceId === null ? null : printable(line.resourceId, RESOURCE_ID),
    `${line.method} ${line.template}`,
    JSON.stringify(detailsOf(line)),
    inetOf(line.address),
    line.statusCode < 400 ? 'success' : 'failure',
    line.durationMs,
    line.requestId,
    line.answeredAt,
  ];
}

function detailsOf({ statusCode, problem, userAgent, replayed, audited }: TrailLine): Record<string, unknown> {
  const reason = problem && reasonOf(problem);
  return {
    statusCode,
    ...(problem ? { code: problem.code } : {}),
    ...(reason === undefined ? {} : { reason: printable(reason, REASON) }),
    ...(userAgent === undefined ? {} : { userAgent: headerText(userAgent, USER_AGENT) }),
    ...(replayed ? { replayed: true } : {}),
    ...(audited ? { audited: `${audited.entity}.${audited.action}` } : {}),
  };
}

/**
 * Why a call was refused. Of a refused token the caller learns nothing, and whoever reads the trail wants to know just that;
 * what caused a failure of ours may quote data, and belongs into the log.
 */
function reasonOf(problem: Problem): string | undefined {
  const { status, detail, extras } = problem;
  if (status >= 500) return violationIn(problem)?.message;
  return status === 401 && extras.cause instanceof Error ? extras.cause.message : detail;
}
