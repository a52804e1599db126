import { z } from 'zod';

/** `KEY=` in a shell or a compose file means "not set", not "the empty string". */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);

const number = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, 'is not a whole number')
    .transform(Number)
    .refine((n) => n >= low && n <= high, `is not between ${low} and ${high}`);

const whole = (low: number, high: number, fallback: number) => optional(number(low, high).default(fallback));

const onOff = (fallback: boolean) =>
  optional(
    z
      .enum(['on', 'off', 'true', 'false'])
      .transform((value) => value === 'on' || value === 'true')
      .default(fallback),
  );

const list = () =>
  optional(
    z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((item) => item.trim())
          .filter(Boolean),
      )
      .default([]),
  );

const databaseUrl = () =>
  optional(
    z
      .string()
      .regex(/^postgres(ql)?:\/\/[^\s]+$/, 'is not a postgresql:// address')
      .optional(),
  );

/** One external token issuer whose JWKS we trust. Its users are matched by their e-mail address in `tenant`. */
const externalIssuer = z.strictObject({
  issuer: z.string().min(1),
  jwksUrl: z.url(),
  audience: z.string().min(1),
  tenant: z.string().min(1).describe('slug of the tenant whose people this issuer vouches for'),
  algorithms: z
    .array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']))
    .min(1)
    .default(['RS256', 'ES256']),
});

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context) => {
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      context.addIssue({
        code: 'custom',
        message: `holds JSON of another shape: ${parsed.error.issues[0]?.message ?? ''}`,
      });
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
    }
    return z.NEVER;
  });

/** A private key as JWK (Ed25519 or RSA); the first of the list signs, the others are still accepted. */
const privateJwk = z.looseObject({ kty: z.enum(['OKP', 'RSA']), kid: z.string().min(1), d: z.string().min(1) });

/**
 * The whole environment, described once: `.env.example` is tested against these descriptions.
 * Durations carry their unit in the name.
 */
export const environment = z.object({
  NODE_ENV: optional(z.enum(['development', 'production', 'test']).default('development')).describe(
    'production demands the settings that guard data',
  ),
  HOST: optional(z.string().default('127.0.0.1')).describe('address to listen on'),
  PORT: whole(0, 65_535, 3000).describe('port to listen on; the next free one outside production'),
  ROLLCALL_DATA_DIR: optional(z.string().default('./.data')).describe('embedded database, generated keys'),
  DEMO_PASSWORD: optional(z.string().min(8, 'is shorter than 8 characters').optional()).describe(
    'password of the demo people; random when missing',
  ),

  DATABASE_URL: databaseUrl().describe(
    'PostgreSQL 15 or later, as a login that is a member of rollcall_runtime; embedded when missing',
  ),
  DATABASE_OWNER_URL: databaseUrl().describe(
    'the owner, for migrations only; migrations at start are skipped when missing in production',
  ),
  DATABASE_RETENTION_URL: databaseUrl().describe(
    'a login that is a member of rollcall_retention; nightly deletion is off when missing',
  ),
  DATABASE_LISTEN_URL: databaseUrl().describe(
    'as DATABASE_URL, but past a pooler that changes connections between transactions: for CHANGE_NOTICES',
  ),
  CHANGE_NOTICES: onOff(true).describe(
    'learn at once what other replicas change about people, keys and tenants, over one connection more',
  ),
  DATABASE_POOL_MAX: whole(1, 200, 10).describe('connections to PostgreSQL'),
  DATABASE_ACQUIRE_TIMEOUT_MS: whole(10, 60_000, 2000).describe('longest wait for a connection before 503'),
  DATABASE_CONNECTION_MAX_AGE_MS: whole(1000, 86_400_000, 1_800_000).describe(
    'an older connection is replaced as soon as nobody uses it',
  ),
  DATABASE_LOCK_TIMEOUT_MS: whole(10, 60_000, 2000).describe('must be below the statement time-out'),
  DATABASE_STATEMENT_TIMEOUT_MS: whole(50, 600_000, 5000).describe('must be below the request deadline'),
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: whole(50, 600_000, 5000).describe(
    'a stopped process loses its locks after this',
  ),
  SLOW_QUERY_MS: whole(1, 600_000, 100).describe('a statement that takes as long is listed as slow'),
  REQUEST_DEADLINE_MS: whole(100, 600_000, 15_000).describe('the server gives up on a request after this'),

  IDEMPOTENCY_TTL_HOURS: whole(1, 720, 24).describe('how long a key is remembered'),
  IDEMPOTENCY_WAIT_MS: whole(0, 10_000, 1000).describe('how long a repetition waits for the first one before 409'),
  PUNCH_GROUPING: onOff(true).describe('commit concurrent punches together'),
  DAY_WORKER: onOff(true).describe('compute work days in this process, in the wake of punches'),
  IMPORT_WORKER: onOff(true).describe('load and undo large imports in this process'),
  IMPORT_STORAGE_MIB_PER_TENANT: whole(1, 10_000_000, 5000).describe(
    "MiB that the files of a tenant's imports may take together; each is kept for seven days",
  ),
  EXPORT_WORKER: onOff(true).describe('make the files of export jobs in this process'),
  DAY_WORKER_POLL_MS: whole(10, 60_000, 250).describe('how long an idle day worker waits before it looks again'),

  AUTH_ISSUER: optional(z.string().default('rollcall')).describe('iss of our access tokens'),
  AUTH_AUDIENCE: optional(z.string().default('rollcall-api')).describe('aud of our access tokens'),
  AUTH_SIGNING_KEYS: optional(json(z.array(privateJwk).min(1)).optional()).describe(
    'private JWKs, the first signs; required in production, see "rollcall keys"',
  ),
  AUTH_EXTERNAL_ISSUERS: optional(json(z.array(externalIssuer)).optional()).describe(
    'JSON list of {issuer, jwksUrl, audience, tenant, algorithms}',
  ),
  AUTH_ACCESS_TTL_SECONDS: whole(30, 86_400, 900).describe('life of an access token'),
  AUTH_REFRESH_TTL_DAYS: whole(1, 365, 30).describe('life of a refresh token'),
  AUTH_PRINCIPAL_CACHE_MS: whole(0, 60_000, 5000).describe(
    'a deactivated user or a removed role is refused after this at the latest',
  ),
  AUTH_PASSWORD_COST: whole(10, 20, 15).describe(
    'log2 of the N of scrypt: 15 takes 32 MiB for a guess, each step doubles it; at least 15 in production',
  ),

  GATE_ACCOUNT: optional(z.string().trim().toLowerCase().optional()).describe(
    'address of the account with which a readiness gate signs in: its password may be short. test@example.com outside production, refused there',
  ),

  CORS_ORIGINS: list().describe('comma separated origins that may call from a browser'),
  TRUSTED_PROXIES: whole(0, 10, 0).describe('number of reverse proxies in front, for the client address'),
  BODY_LIMIT_BYTES: whole(1024, 104_857_600, 1_048_576).describe('largest JSON body'),
  MAX_REQUESTS_IN_FLIGHT: whole(1, 100_000, 1000).describe('further requests are answered 503 at once'),

  ATTENDANCE_RATE_LIMIT_ENABLED: onOff(true).describe('quotas on or off'),
  RATE_LIMIT_LOGIN_PER_15_MINUTES: whole(1, 1_000_000, 5).describe(
    'failed sign-ins for each account, and ten times as many for each address',
  ),
  RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: whole(1, 10_000_000, 100).describe(
    'requests without a valid token for each address',
  ),
  RATE_LIMIT_AUTHENTICATED_PER_MINUTE: whole(1, 10_000_000, 1200).describe('requests for each principal'),
  RATE_LIMIT_UPLOADS_PER_HOUR: whole(1, 1_000_000, 10).describe('files for import that each principal may upload'),
  ATTENDANCE_RATE_LIMIT_IMPORT_PREPARE_PER_MIN: whole(1, 1_000_000, 120).describe(
    'commit tokens without a file for each principal',
  ),
  ATTENDANCE_RATE_LIMIT_IMPORT_PREVIEW_PER_MIN: whole(1, 1_000_000, 60).describe(
    'previews of an import for each principal',
  ),
  ATTENDANCE_RATE_LIMIT_IMPORT_COMMIT_PER_MIN: whole(1, 1_000_000, 10).describe(
    'commits of an import for each principal',
  ),
  ATTENDANCE_RATE_LIMIT_EXPORT_PER_MIN: whole(1, 1_000_000, 60).describe('exports for each principal'),
  ATTENDANCE_RATE_LIMIT_ADMIN_WRITE_PER_MIN: whole(1, 1_000_000, 120).describe(
    'writes that are for administrators alone, for each of them',
  ),
  RATE_LIMIT_CONCURRENT_PER_PRINCIPAL: whole(1, 100_000, 50).describe(
    'requests that each principal may have under way in one process',
  ),
  RATE_LIMIT_CONCURRENT_PER_TENANT: whole(1, 100_000, 500).describe(
    'requests that each tenant may have under way in one process',
  ),
  REDIS_URL: optional(
    z
      .string()
      .regex(/^rediss?:\/\/\S+$/, 'is not a redis:// address')
      .optional(),
  ).describe('Redis, where quotas are counted together; in PostgreSQL when missing'),
  RATE_LIMIT_STORE_TIMEOUT_MS: whole(10, 10_000, 250).describe(
    'longest wait for what the other replicas counted; then this process decides alone',
  ),

  RETENTION: onOff(true).describe('nightly deletion of what has expired, at 02:00 UTC on one replica'),
  RETENTION_REQUEST_TRAIL_DAYS: whole(0, 3650, 90).describe('how long the request trail is kept; 0 keeps it for ever'),
  RETENTION_EXPIRED_SESSION_DAYS: whole(0, 3650, 1).describe(
    'how long an expired refresh token is still recognised; 0 keeps it for ever',
  ),

  METRICS_TOKEN: optional(z.string().min(16, 'is shorter than 16 characters').optional()).describe(
    'bearer token for /metrics; required in production unless METRICS_PUBLIC=on',
  ),
  METRICS_PUBLIC: onOff(false).describe('leave /metrics open in production, for a network that guards it'),
  LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')).describe(
    'least severe line that is written',
  ),
  LOG_FILE: optional(z.string().optional()).describe(
    'also write the log to this file (five of 5 MB, only for the owner to read), errors to NAME.error.log, and in development all to NAME.debug.log',
  ),
  DRAIN_DELAY_MS: optional(number(0, 60_000).optional()).describe(
    'time between "not ready" and closing, for load balancers to notice; 5000 in production, else 0',
  ),
  SHUTDOWN_TIMEOUT_MS: whole(1000, 300_000, 30_000).describe('the process ends after this, whatever is still open'),
  SHOW_DOCS: onOff(true).describe('serve Swagger UI at /docs'),
});

export type Environment = z.output<typeof environment>;
