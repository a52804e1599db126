/**
 * What one request may be, before anything of ours looks at it. Fixed rather than configured: a deployment that needs other
 * values has a reverse proxy that already enforces its own, and a limit nobody can raise is a limit nobody raises by mistake.
 */
export const limits = {
  /** Path and query together; the longest list filter we have stays below a tenth of it. */
  uriBytes: 8 * 1024,
  /** Request line and headers together, so that a long URI still reaches the 414 above. */
  headerBytes: 32 * 1024,
  /** Node drops headers past its own bound without a word; a dropped Idempotency-Key would be a duplicate punch. */
  headerCount: 100,
} as const;

/**
 * Time-outs of a connection (milliseconds). They bound what a slow or silent client can hold: a socket, never a database
 * connection, because a handler starts only when its body has arrived.
 */
export interface ConnectionTimeouts {
  /** From the first byte (or the connection) to the end of the headers. */
  readonly headers: number;
  /** From the first byte to the end of the body. */
  readonly request: number;
  /** Idle time between requests; above the 60 s of the usual load balancers, so that they close first and lose nothing. */
  readonly keepAlive: number;
  /** How often Node looks for connections that are too slow. */
  readonly check: number;
}

export const connectionTimeouts: ConnectionTimeouts = {
  headers: 10_000,
  request: 30_000,
  keepAlive: 72_000,
  check: 2_000,
};
