import { STATUS_CODES } from 'node:http';

/** One fault of a body, a query or a header. `pointer` is a JSON pointer into the body, or `?name` / `header:name`. */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** The closed set of codes: what a client may program against. A code cannot be added without its status and level. */
export const problems = {
  // the request itself
  bad_request: { status: 400, level: 'info' },
  validation_failed: { status: 400, level: 'info' },
  malformed_json: { status: 400, level: 'info' },
  cursor_invalid: { status: 400, level: 'info' },
  idempotency_key_invalid: { status: 400, level: 'info' },
  idempotency_key_required: { status: 400, level: 'info' },
  unauthorized: { status: 401, level: 'info' },
  sign_in_failed: { status: 401, level: 'info' },
  refresh_token_invalid: { status: 401, level: 'info' },
  refresh_token_reused: { status: 401, level: 'warn' },
  forbidden: { status: 403, level: 'info' },
  tenant_required: { status: 403, level: 'info' },
  IP_RESTRICTED: { status: 403, level: 'warn' },
  not_found: { status: 404, level: 'info' },
  method_not_allowed: { status: 405, level: 'info' },
  not_acceptable: { status: 406, level: 'info' },
  request_timeout: { status: 408, level: 'info' },
  body_too_large: { status: 413, level: 'info' },
  uri_too_long: { status: 414, level: 'info' },
  unsupported_media_type: { status: 415, level: 'info' },
  headers_too_large: { status: 431, level: 'info' },
  not_implemented: { status: 501, level: 'info' },
  quota_exceeded: { status: 429, level: 'info' },
  // the state of things
  conflict: { status: 409, level: 'info' },
  idempotency_key_in_use: { status: 409, level: 'info' },
  idempotency_key_reused: { status: 422, level: 'info' },
  precondition_failed: { status: 412, level: 'info' },
  tenant_ambiguous: { status: 409, level: 'info' },
  email_taken: { status: 409, level: 'info' },
  employee_number_taken: { status: 409, level: 'info' },
  slug_taken: { status: 409, level: 'info' },
  last_admin: { status: 409, level: 'info' },
  role_not_grantable: { status: 403, level: 'info' },
  permission_not_grantable: { status: 403, level: 'info' },
  // punches
  PUNCH_TOO_SOON: { status: 409, level: 'info' },
  punch_out_of_order: { status: 409, level: 'info' },
  punch_in_future: { status: 422, level: 'info' },
  punch_too_old: { status: 422, level: 'info' },
  outside_geofence: { status: 422, level: 'info' },
  punch_not_active: { status: 409, level: 'info' },
  punch_unknown: { status: 422, level: 'info' },
  employee_unknown: { status: 422, level: 'info' },
  employee_inactive: { status: 422, level: 'info' },
  outside_employment: { status: 422, level: 'info' },
  // working time
  time_zone_unknown: { status: 422, level: 'info' },
  local_time_nonexistent: { status: 422, level: 'info' },
  local_time_ambiguous: { status: 422, level: 'info' },
  end_before_start: { status: 422, level: 'info' },
  span_too_long: { status: 422, level: 'info' },
  shift_too_long: { status: 422, level: 'info' },
  shifts_overlap: { status: 409, level: 'info' },
  rest_too_short: { status: 409, level: 'info' },
  policy_invalid: { status: 422, level: 'info' },
  policy_in_use: { status: 409, level: 'info' },
  date_taken: { status: 409, level: 'info' },
  // approvals and pay
  self_approval: { status: 403, level: 'info' },
  already_decided: { status: 409, level: 'info' },
  period_closed: { status: 409, level: 'info' },
  period_not_closed: { status: 409, level: 'info' },
  period_overlap: { status: 409, level: 'info' },
  period_not_over: { status: 409, level: 'info' },
  exceptions_open: { status: 409, level: 'info' },
  days_pending: { status: 409, level: 'info' },
  // imports
  import_file_invalid: { status: 422, level: 'info' },
  import_profile_unknown: { status: 422, level: 'info' },
  digest_mismatch: { status: 422, level: 'info' },
  import_file_gone: { status: 410, level: 'info' },
  import_storage_full: { status: 413, level: 'info' },
  layout_incomplete: { status: 422, level: 'info' },
  export_expired: { status: 410, level: 'info' },
  import_token_stale: { status: 409, level: 'info' },
  import_superseded: { status: 409, level: 'info' },
  // us
  internal_error: { status: 500, level: 'error' },
  answer_too_large: { status: 500, level: 'error' },
  service_unavailable: { status: 503, level: 'warn' },
  overloaded: { status: 503, level: 'warn' },
  database_unavailable: { status: 503, level: 'error' },
  deadline_exceeded: { status: 503, level: 'warn' },
} as const satisfies Record<string, { status: number; level: LogLevel }>;

/** The codes that say that we failed, with their status. */
export const serverFaults = Object.entries(problems).flatMap(([code, { status }]) =>
  status >= 500 ? [[code, status] as const] : [],
);

export type ProblemCode = keyof typeof problems;

/** What RFC 9457 and our own form say of every problem. */
type StandardMember = 'type' | 'title' | 'status' | 'detail' | 'instance' | 'code' | 'requestId' | 'errors';

interface ProblemExtras {
  /** Every fault at once, where the body or the query is to blame. */
  readonly errors?: readonly Fault[];
  /** Members beside the standard ones, such as `allowedNext`, or `currentStatus` for the status of the resource (`status` is that of HTTP). */
  readonly members?: Readonly<Record<string, unknown>> & { readonly [name in StandardMember]?: never };
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log only: what really happened. */
  readonly cause?: unknown;
}

/**
 * A refusal that the client may read (RFC 9457). `detail` says what is wrong and what to do about it; it never holds
 * SQL, a path, a version or anything of another tenant. What only we may know goes into `cause`.
 */
export class Problem extends Error {
  readonly status: number;
  readonly level: LogLevel;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'Problem';
    this.status = problems[code].status;
    this.level = problems[code].level;
  }
}

/** The document of a problem, without what belongs to one request (`instance`, `requestId`): those are added when it is sent. */
export function problemDocument(problem: Problem): Record<string, unknown> {
  return {
    type: `urn:rollcall:problem:${problem.code.toLowerCase()}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    ...problem.extras.members, // never a standard one: the type of ProblemExtras forbids it
    ...(problem.extras.errors ? { errors: problem.extras.errors } : {}),
  };
}

/** The one answer for "not there" and "not yours": the two must not differ in a byte. */
export function notFound(what: string): Problem {
  return new Problem('not_found', `There is no such ${what}.`);
}

export const unsupportedMediaType = () =>
  new Problem('unsupported_media_type', 'Bodies are JSON in UTF-8. Send them with Content-Type: application/json.', {
    headers: { accept: 'application/json' },
  });

export const unsupportedEncoding = () =>
  new Problem('unsupported_media_type', 'Bodies are read as they come. Send it unpacked, without Content-Encoding.', {
    errors: [{ pointer: 'header:Content-Encoding', code: 'unsupported', detail: 'may be absent, or identity' }],
    headers: { 'accept-encoding': 'identity' },
  });
