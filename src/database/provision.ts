import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { z } from 'zod';

/** The login roles of an embedded cluster. On a server of their own, administrators make these: see docs/operations/database.md. */
const logins = z.object({ owner: z.string(), runtime: z.string(), retention: z.string() });
type Logins = z.output<typeof logins>;

export const loginNames = { owner: 'rollcall_owner', runtime: 'rollcall_app', retention: 'rollcall_janitor' } as const;

/** Passwords of the login roles: made once for a data directory, readable by its owner only. */
export async function loginsOf(dataDir: string): Promise<Logins> {
  const file = path.join(dataDir, 'logins.json');
  try {
    return logins.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    const made = { owner: secret(), runtime: secret(), retention: secret() };
    // Written aside and renamed: a process killed in between leaves no half file.
    await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return made;
  }
}

/** Making a database copies some megabytes; a server that takes longer than this does not answer. */
const PATIENCE_MS = 60_000;

const secret = () => randomBytes(24).toString('base64url');

/** Makes roles and database where they are missing. Runs as the superuser of an embedded cluster, at every start. */
export async function provision(superuserUrl: string, database: string, passwords: Logins): Promise<void> {
  await connected(superuserUrl, async (client) => {
    for (const role of ['rollcall_runtime', 'rollcall_writer', 'rollcall_retention', 'rollcall_directory']) {
      await ensureRole(client, role, 'NOLOGIN');
    }
    await ensureRole(client, loginNames.owner, `LOGIN PASSWORD ${escapeLiteral(passwords.owner)}`);
    await ensureRole(client, loginNames.runtime, `LOGIN PASSWORD ${escapeLiteral(passwords.runtime)}`);
    await ensureRole(client, loginNames.retention, `LOGIN PASSWORD ${escapeLiteral(passwords.retention)}`);
    await client.query(`GRANT rollcall_directory TO ${loginNames.owner}`);
    await client.query(`GRANT rollcall_writer TO ${loginNames.owner} WITH ADMIN OPTION`);
    await client.query(`GRANT rollcall_runtime TO ${loginNames.runtime}`);
    await client.query(`GRANT rollcall_retention TO ${loginNames.retention}`);
    await client.query('GRANT pg_read_all_stats TO rollcall_directory'); // what operators are told: see the migration `monitoring`
    const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (exists.rowCount === 0) {
      await client.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${loginNames.owner}`);
    }
  });
  await connected(databaseOf(superuserUrl, database), countStatements);
}

/** The server counts statements where its binaries can. In a schema of its own, because what is in `public` is the product's. */
async function countStatements(client: Client): Promise<void> {
  const there = await client.query(
    `SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements' AND installed_version IS NULL`,
  );
  if (there.rowCount === 0) return;
  await client.query('CREATE SCHEMA IF NOT EXISTS monitoring');
  await client.query('GRANT USAGE ON SCHEMA monitoring TO rollcall_directory');
  await client.query('CREATE EXTENSION pg_stat_statements SCHEMA monitoring');
}

async function connected(connectionString: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseOf(url: string, database: string): string {
  const there = new URL(url);
  there.pathname = `/${database}`;
  return there.href;
}

async function ensureRole(client: Client, role: string, attributes: string): Promise<void> {
  const exists = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = exists.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${escapeIdentifier(role)} ${attributes}`);
}
