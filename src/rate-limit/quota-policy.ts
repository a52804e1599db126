import type { Config } from '../config/config';
import type { StandardQuotas, TenantQuotas } from '../tenancy/tenant-quotas';

/** A quota by name: `limit` requests for each key, refilled evenly over `windowMs`. */
export interface QuotaPolicy {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

const minute = 60_000;

/** Each quota of a tenant's people: its name in headers and refusals, its window, and the setting that says how much where the tenant does not. */
const tiers = {
  requestsPerMinute: ['authenticated', minute, 'RATE_LIMIT_AUTHENTICATED_PER_MINUTE'],
  uploadsPerHour: ['upload', 60 * minute, 'RATE_LIMIT_UPLOADS_PER_HOUR'],
  importPreparePerMinute: ['import-prepare', minute, 'ATTENDANCE_RATE_LIMIT_IMPORT_PREPARE_PER_MIN'],
  importPreviewPerMinute: ['import-preview', minute, 'ATTENDANCE_RATE_LIMIT_IMPORT_PREVIEW_PER_MIN'],
  importCommitPerMinute: ['import-commit', minute, 'ATTENDANCE_RATE_LIMIT_IMPORT_COMMIT_PER_MIN'],
  exportPerMinute: ['export', minute, 'ATTENDANCE_RATE_LIMIT_EXPORT_PER_MIN'],
  adminWritePerMinute: ['admin-write', minute, 'ATTENDANCE_RATE_LIMIT_ADMIN_WRITE_PER_MIN'],
} as const satisfies Record<Exclude<keyof TenantQuotas, 'concurrentRequests'>, readonly [string, number, keyof Config]>;
export type QuotaTier = keyof typeof tiers;
const tierNames = Object.keys(tiers) as QuotaTier[];

/** The quotas of the product, one for each kind of caller, and for the routes that cost more than others one more. */
export class QuotaPolicies {
  readonly on: boolean;
  /** Failed sign-ins for each account, from wherever they come. */
  readonly login: QuotaPolicy;
  /** Failed sign-ins for each address: one person must not try ten thousand accounts, a whole site may sign in at nine. */
  readonly loginAddress: QuotaPolicy;
  /** Requests that carry no token, and tokens that turned out to be no good, for each address. */
  readonly anonymous: QuotaPolicy;
  /** Requests of each principal, whatever the address, where the tenant does not say how many. */
  readonly authenticated: QuotaPolicy;
  /** Calls of each terminal: one a second is a lot for a device that gathers what happens in between. */
  readonly terminal: QuotaPolicy;
  /** How much each person may ask for where their tenant does not say. */
  readonly standard: StandardQuotas;
  /** Each limit of each tier is one object, whose header is made once. */
  private readonly tiers: Readonly<Record<QuotaTier, Map<number, QuotaPolicy>>>;

  constructor(config: Config) {
    this.on = config.ATTENDANCE_RATE_LIMIT_ENABLED;
    const failures = config.RATE_LIMIT_LOGIN_PER_15_MINUTES;
    this.login = { name: 'login', limit: failures, windowMs: 15 * minute };
    this.loginAddress = { name: 'login-address', limit: 10 * failures, windowMs: 15 * minute };
    this.anonymous = { name: 'anonymous', limit: config.RATE_LIMIT_ANONYMOUS_PER_15_MINUTES, windowMs: 15 * minute };
    this.standard = {
      ...byTier((tier) => config[tiers[tier][2]]),
      concurrentRequests: config.RATE_LIMIT_CONCURRENT_PER_TENANT,
    };
    this.tiers = byTier(() => new Map<number, QuotaPolicy>());
    this.authenticated = this.of('requestsPerMinute', null);
    this.terminal = { name: 'terminal', limit: 300, windowMs: minute };
  }

  /** The quota of a tier where the tenant wants so much; null: as the deployment says. */
  of(tier: QuotaTier, wanted: number | null): QuotaPolicy {
    const limit = wanted ?? this.standard[tier];
    const known = this.tiers[tier].get(limit);
    if (known) return known;
    const [name, windowMs] = tiers[tier];
    const made = { name, limit, windowMs };
    this.tiers[tier].set(limit, made);
    return made;
  }

  get all(): readonly QuotaPolicy[] {
    return [this.login, this.loginAddress, this.anonymous, this.authenticated, this.terminal];
  }
}

function byTier<T>(of: (tier: QuotaTier) => T): Record<QuotaTier, T> {
  return Object.fromEntries(tierNames.map((tier) => [tier, of(tier)])) as Record<QuotaTier, T>;
}
