import type { Config } from '../config/config';

/** A quota by name: `limit` requests for each key, refilled evenly over `windowMs`. */
export interface QuotaPolicy {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

const minute = 60_000;

/** The quotas of the product, one for each kind of caller. A request falls under exactly one kind. */
export class QuotaPolicies {
  readonly on: boolean;
  /** Failed sign-ins for each account, from wherever they come. */
  readonly login: QuotaPolicy;
  /** Failed sign-ins for each address: one person must not try ten thousand accounts, a whole site may sign in at nine. */
  readonly loginAddress: QuotaPolicy;
  /** Requests that carry no token, and tokens that turned out to be no good, for each address. */
  readonly anonymous: QuotaPolicy;
  /** Requests of each principal, whatever the address. */
  readonly authenticated: QuotaPolicy;
  /** Calls of each terminal: one a second is a lot for a device that gathers what happens in between. */
  readonly terminal: QuotaPolicy;

  constructor(config: Config) {
    this.on = config.RATE_LIMIT;
    const failures = config.RATE_LIMIT_LOGIN_PER_15_MINUTES;
    this.login = { name: 'login', limit: failures, windowMs: 15 * minute };
    this.loginAddress = { name: 'login-address', limit: 10 * failures, windowMs: 15 * minute };
    this.anonymous = { name: 'anonymous', limit: config.RATE_LIMIT_ANONYMOUS_PER_15_MINUTES, windowMs: 15 * minute };
    this.authenticated = { name: 'authenticated', limit: config.RATE_LIMIT_AUTHENTICATED_PER_MINUTE, windowMs: minute };
    this.terminal = { name: 'terminal', limit: 300, windowMs: minute };
  }

  get all(): readonly QuotaPolicy[] {
    return [this.login, this.loginAddress, this.anonymous, this.authenticated, this.terminal];
  }
}
