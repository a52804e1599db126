import { Client, type ClientConfig } from 'pg';
import type { Config } from '../config/config';
import { makeDataFolder } from '../config/data-folder';
import { startEmbeddedPostgres } from './embedded/embedded-postgres';
import { loginNames, loginsOf, provision } from './provision';

/** How this process reaches PostgreSQL: one login for each duty. */
export interface DatabaseAccess {
  readonly runtime: ClientConfig;
  readonly owner?: ClientConfig;
  readonly retention?: ClientConfig;
  /** Another way to the same database for the connection that listens; that of `runtime` where there is none. */
  readonly listening?: ClientConfig;
  /** Started by us, for trying things out. */
  readonly embedded: boolean;
  /** For the start-up line: "embedded PostgreSQL on port 54329" or host and name of a server. */
  readonly description: string;
  /** Stops what was started, if anything was. */
  stop(): Promise<void>;
}

/** A start that cannot succeed, in one line that says what to do. */
export class StartError extends Error {}

const MINIMUM_VERSION = 150_000;
const CONNECT_TIMEOUT_MS = 3000;
const QUESTION_TIMEOUT_MS = 10_000;

/** Starts the embedded PostgreSQL, or checks the configured server. Throws a StartError of one line, or a ConfigError for the data folder. */
export async function openDatabase(config: Config, log: (line: string) => void): Promise<DatabaseAccess> {
  return config.DATABASE_URL ? configuredServer(config, config.DATABASE_URL) : embeddedServer(config, log);
}

async function embeddedServer(config: Config, log: (line: string) => void): Promise<DatabaseAccess> {
  await makeDataFolder(config.dataDir);
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir, log }).catch((error: unknown) => {
    throw new StartError(error instanceof Error ? error.message : String(error));
  });
  const passwords = await loginsOf(config.dataDir);
  const database = 'rollcall';
  await provision(server.superuserUrl('postgres'), database, passwords);
  const as = (duty: keyof typeof loginNames): ClientConfig =>
    clientFor(server.urlFor({ user: loginNames[duty], password: passwords[duty] }, database), duty);
  return {
    runtime: as('runtime'),
    owner: as('owner'),
    retention: as('retention'),
    embedded: true,
    description: `embedded PostgreSQL on port ${server.port}`,
    stop: () => server.stop(),
  };
}

async function configuredServer(config: Config, url: string): Promise<DatabaseAccess> {
  const who = await inspect(url);
  if (who.version < MINIMUM_VERSION) {
    throw new StartError(
      `PostgreSQL 15 or later is needed; DATABASE_URL points to ${Math.floor(who.version / 10_000)}.`,
    );
  }
  const tooMighty = who.superuser || who.bypassesRls || who.ownsTables;
  if (tooMighty && config.production) {
    throw new StartError(
      `DATABASE_URL signs in as a ${who.superuser ? 'superuser' : who.bypassesRls ? 'BYPASSRLS role' : 'table owner'}, ` +
        'who is not bound by row-level security: use a login that is only a member of rollcall_runtime.',
    );
  }
  // For trying things out, the mighty login migrates, and the server puts its rights down before it does anything else.
  const owner = config.DATABASE_OWNER_URL ?? (tooMighty ? url : undefined);
  const retention = config.DATABASE_RETENTION_URL ?? (tooMighty ? url : undefined);
  const laidDown = (role: string) => (tooMighty ? { options: `-c role=${role}` } : {});
  return {
    runtime: { ...clientFor(url, 'runtime'), ...laidDown('rollcall_runtime') },
    ...(owner ? { owner: clientFor(owner, 'owner') } : {}),
    ...(retention
      ? {
          retention: {
            ...clientFor(retention, 'retention'),
            ...(config.DATABASE_RETENTION_URL ? {} : laidDown('rollcall_retention')),
          },
        }
      : {}),
    ...(config.DATABASE_LISTEN_URL ? { listening: clientFor(config.DATABASE_LISTEN_URL, 'changes') } : {}),
    embedded: false,
    description: `PostgreSQL ${Math.floor(who.version / 10_000)} at ${new URL(url).host}`,
    stop: () => Promise.resolve(),
  };
}

function clientFor(connectionString: string, duty: string): ClientConfig {
  return {
    connectionString,
    application_name: `rollcall-${duty}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

interface LoginFacts {
  readonly version: number;
  readonly superuser: boolean;
  readonly bypassesRls: boolean;
  readonly ownsTables: boolean;
}

/** What the login may do, in one query. */
async function inspect(url: string): Promise<LoginFacts> {
  const client = new Client({ ...clientFor(url, 'start'), query_timeout: QUESTION_TIMEOUT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<LoginFacts>(
      `SELECT current_setting('server_version_num')::int AS version, rolsuper AS superuser, rolbypassrls AS "bypassesRls",
         pg_has_role(session_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER')
           OR EXISTS (SELECT FROM pg_class WHERE relname = 'punches' AND relkind = 'r'
             AND pg_has_role(session_user, relowner, 'MEMBER')) AS "ownsTables"
       FROM pg_roles WHERE rolname = session_user`,
    );
    const [facts] = rows;
    if (!facts) throw new Error('the login is unknown to the server');
    return facts;
  } catch (error) {
    throw new StartError(`The database at ${new URL(url).host} cannot be used: ${reasonOf(error)}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The driver's message names hosts and roles, never passwords. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : 'it does not answer';
}
