import path from 'node:path';
import { environment, type Environment } from './config.schema';
import { type Misspelt, misspelt } from './misspelt';

/** The configuration of one process; see config.schema.ts for every setting and its default. */
export type Config = Readonly<Environment> & {
  readonly production: boolean;
  readonly dataDir: string;
  readonly DRAIN_DELAY_MS: number;
  /** Variables that nobody reads and somebody may have meant. */
  readonly misspelt: readonly Misspelt[];
  readonly GATE_ACCOUNT: string | undefined;
};

/** Exit code for a wrong configuration (EX_CONFIG of sysexits.h). */
export const EXIT_CONFIG = 78;

/** Every fault of the environment at once. Names the variable and the remedy; never prints a value, which may be a secret. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads the configuration from `source` (the environment of the process) or throws a ConfigError naming all faults. */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(source);
  const faults = parsed.success
    ? relations(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    ...parsed.data,
    production: parsed.data.NODE_ENV === 'production',
    dataDir: path.resolve(parsed.data.ROLLCALL_DATA_DIR),
    DRAIN_DELAY_MS: drainDelayOf(parsed.data),
    misspelt: misspelt(source),
    GATE_ACCOUNT: gateAccountOf(parsed.data),
  });
}

/** Load balancers need a moment; whoever tries things out has none. */
const drainDelayOf = ({ DRAIN_DELAY_MS, NODE_ENV }: Environment) =>
  DRAIN_DELAY_MS ?? (NODE_ENV === 'production' ? 5000 : 0);

/** The account of the gate's own script, where somebody might run it. */
const gateAccountOf = ({ GATE_ACCOUNT, NODE_ENV }: Environment) =>
  GATE_ACCOUNT ?? (NODE_ENV === 'production' ? undefined : 'test@example.com');

/** What no single variable can say: the order of the time-outs, and what production demands. */
function relations(env: Environment): string[] {
  const faults: string[] = [];
  if (env.DATABASE_LOCK_TIMEOUT_MS >= env.DATABASE_STATEMENT_TIMEOUT_MS)
    faults.push('DATABASE_LOCK_TIMEOUT_MS must be below DATABASE_STATEMENT_TIMEOUT_MS');
  if (env.DATABASE_STATEMENT_TIMEOUT_MS >= env.REQUEST_DEADLINE_MS)
    faults.push('DATABASE_STATEMENT_TIMEOUT_MS must be below REQUEST_DEADLINE_MS');
  if (drainDelayOf(env) >= env.SHUTDOWN_TIMEOUT_MS) faults.push('DRAIN_DELAY_MS must be below SHUTDOWN_TIMEOUT_MS');
  if (env.CORS_ORIGINS.includes('*'))
    faults.push('CORS_ORIGINS must name origins: "*" would let any page use a signed-in browser');
  if (env.NODE_ENV === 'production') {
    if (!env.DATABASE_URL)
      faults.push('DATABASE_URL is required in production: the embedded PostgreSQL is for trying and testing');
    if (!env.AUTH_SIGNING_KEYS)
      faults.push('AUTH_SIGNING_KEYS is required in production: make one with "rollcall keys"');
    if (!env.METRICS_TOKEN && !env.METRICS_PUBLIC)
      faults.push('METRICS_TOKEN is required in production, or METRICS_PUBLIC=on behind a guarded network');
    if (env.AUTH_PASSWORD_COST < 15) faults.push('AUTH_PASSWORD_COST is at least 15 in production');
    if (env.GATE_ACCOUNT) faults.push('GATE_ACCOUNT has no place in production: it allows a weak password');
    if (env.DEMO_PASSWORD) faults.push('DEMO_PASSWORD has no place in production');
  }
  return faults;
}
