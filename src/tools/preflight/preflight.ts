import { SigningKeys } from '../../auth/signing-keys';
import { type Config, ConfigError, loadConfig } from '../../config/config';
import { type DatabaseAccess, openDatabase, StartError } from '../../database/access';
import { askOnce } from '../../database/ask-once';
import { formerDatabase, isFormer } from '../../database/migrating/former-database';
import { migrationNames } from '../../database/migrating/migration-files';

/** One thing that a start needs, and what was found; `remedy` says what to do when it does not hold. */
interface Check {
  readonly name: string;
  readonly finding: string;
  readonly remedy?: string;
}

/** Whether a server with this environment could start and do all of its work. Changes nothing in a configured database. */
export async function preflight(source?: NodeJS.ProcessEnv): Promise<Check[]> {
  let config: Config;
  try {
    config = loadConfig(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((fault) => failed('environment', fault, remedyOf(fault)));
  }
  return [
    { name: 'environment', finding: [`complete for ${config.NODE_ENV}`, ...config.misspelt.map(unread)].join('; ') },
    ...(await databaseChecks(config)),
    await signingKeys(config),
  ];
}

/** What a first start in production is asked for, and where it comes from; any other setting is described where all are. */
const remedies: Readonly<Record<string, string>> = {
  DATABASE_URL:
    'make the logins as docs/operations/database.md says and set DATABASE_URL; without NODE_ENV=production a PostgreSQL of its own is started',
  AUTH_SIGNING_KEYS: 'set it to what "node dist/cli.js keys" prints',
  METRICS_TOKEN: 'set it to a secret of your own, such as "openssl rand -hex 32" prints, or METRICS_PUBLIC=on',
};
const remedyOf = (fault: string) => remedies[fault.split(' ', 1)[0] ?? ''] ?? 'set it as .env.example describes it';

const unread = ({ name, meant }: Config['misspelt'][number]) => `${name} is not read: is ${meant} meant?`;

async function databaseChecks(config: Config): Promise<Check[]> {
  let access: DatabaseAccess;
  try {
    access = await openDatabase(config, () => undefined);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return [
      failed(
        'database',
        error.message,
        'check DATABASE_URL, and the logins as docs/operations/database.md sets them up',
      ),
    ];
  }
  try {
    return [
      { name: 'database', finding: access.description },
      await owner(access),
      await retention(config, access),
      await migrations(access),
    ];
  } finally {
    await access.stop();
  }
}

async function owner({ owner: login }: DatabaseAccess): Promise<Check> {
  const name = 'owner login';
  if (!login) return { name, finding: 'not set: migrations are run elsewhere' };
  const owns = `SELECT pg_has_role(session_user, datdba, 'MEMBER') AS holds FROM pg_database WHERE datname = current_database()`;
  return loginCheck(name, login, owns, 'DATABASE_OWNER_URL must sign in as the owner of the database');
}

async function retention(config: Config, { retention: login }: DatabaseAccess): Promise<Check> {
  const name = 'retention login';
  if (!config.RETENTION) return { name, finding: 'not needed: RETENTION is off' };
  if (!login)
    return failed(
      name,
      'not set: what has expired would never be deleted',
      'set DATABASE_RETENTION_URL, or RETENTION=off',
    );
  const member = `SELECT pg_has_role(current_user, oid, 'MEMBER') AS holds FROM pg_roles WHERE rolname = 'rollcall_retention'`;
  return loginCheck(name, login, member, 'DATABASE_RETENTION_URL must sign in as a member of rollcall_retention');
}

async function loginCheck(
  name: string,
  login: DatabaseAccess['runtime'],
  question: string,
  remedy: string,
): Promise<Check> {
  try {
    const [row] = await askOnce<{ holds: boolean }>(login, question);
    return row?.holds === true ? { name, finding: 'has its rights' } : failed(name, 'lacks its rights', remedy);
  } catch {
    return failed(name, 'cannot sign in', remedy);
  }
}

async function migrations(access: DatabaseAccess): Promise<Check> {
  const name = 'migrations';
  const known = migrationNames();
  const applied: string[] = await askOnce<{ name: string }>(
    access.runtime,
    'SELECT name FROM migrations ORDER BY "timestamp"',
  ).then(
    (rows) => rows.map((row) => row.name),
    () => [], // a new database has no such table
  );
  if (isFormer(applied)) return failed(name, formerDatabase.finding, formerDatabase.remedy);
  const missing = known.filter((one) => !applied.includes(one)).length;
  const ahead = applied.filter((one) => !known.includes(one)).length;
  if (ahead > 0)
    return failed(name, `the database has ${ahead} that this build does not know`, 'deploy the build that made them');
  if (missing === 0) return { name, finding: `all ${known.length} are applied` };
  return access.owner
    ? { name, finding: `${missing} of ${known.length} are missing: a start applies them` }
    : failed(
        name,
        `${missing} of ${known.length} are missing`,
        'run "rollcall migrate" (node dist/cli.js migrate) with DATABASE_OWNER_URL set',
      );
}

async function signingKeys(config: Config): Promise<Check> {
  const name = 'signing keys';
  try {
    const keys = (await SigningKeys.open(config)).published().keys;
    return { name, finding: `${keys.length} in use` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'they cannot be read';
    return failed(name, reason, 'make one with "rollcall keys" (node dist/cli.js keys) and set AUTH_SIGNING_KEYS');
  }
}

const failed = (name: string, finding: string, remedy: string): Check => ({ name, finding, remedy });
