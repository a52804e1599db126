import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const credentialsFile = z.object({ superuser: z.string().min(1), password: z.string().min(1) });

export type Credentials = z.output<typeof credentialsFile>;

/** Written whole or not at all: half a password would lock everybody out of a cluster for good. */
export function createCredentials(dataDir: string): Credentials {
  const credentials = { superuser: 'postgres', password: randomBytes(24).toString('base64url') };
  const path = credentialsPath(dataDir);
  writeFileSync(`${path}.draft`, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  renameSync(`${path}.draft`, path);
  return credentials;
}

/** Undefined while there is none yet; a file that exists and says nothing is an error, never a reason to make another. */
export function readCredentials(dataDir: string): Credentials | undefined {
  const path = credentialsPath(dataDir);
  if (!existsSync(path)) return undefined;
  try {
    return credentialsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new Error(`${path} is damaged: put back the copy that belongs to this cluster.`);
  }
}

export function credentialsPath(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

export function connectionUrl(port: number, role: { user: string; password: string }, database: string): string {
  const [user, password, name] = [role.user, role.password, database].map(encodeURIComponent);
  return `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
}
