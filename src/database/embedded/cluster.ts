import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { program } from './binaries';
import { createCredentials, type Credentials, credentialsPath, readCredentials } from './credentials';
import { giveTo, syncFolder } from './files';
import { commandFor, type Runtime } from './identity';
import { usefulLines } from './server-log';
import type { StartRequest } from './start-request';

/**
 * The cluster below `<dataDir>/postgres`, created if there is none. It is built under another name and renamed when
 * complete, so a folder with the final name always is a whole cluster, and an interrupted attempt is simply swept away.
 */
export async function prepareCluster({ dataDir, cluster, runtime, durable, log }: StartRequest): Promise<Credentials> {
  sweepAttempts(dataDir);
  if (isCluster(cluster)) return openCluster(dataDir, cluster, runtime);

  const began = Date.now();
  const attempt = mkdtempSync(`${cluster}.init-`);
  const credentials = createCredentials(dataDir);
  await createCluster(attempt, runtime, credentials.password, durable);
  renameSync(attempt, cluster);
  if (durable) syncFolder(dataDir);
  log(`created a PostgreSQL ${runtime.binaries.version} cluster in ${cluster} (${Date.now() - began} ms)`);
  return credentials;
}

/** What is there and is not ours is never removed: it may be the only copy of something. */
function isCluster(cluster: string): boolean {
  if (existsSync(join(cluster, 'PG_VERSION'))) return true;
  if (existsSync(cluster) && readdirSync(cluster).length > 0) {
    throw new Error(
      `${cluster} is not a PostgreSQL cluster, and it is not empty: move it away or choose another folder.`,
    );
  }
  return false;
}

function openCluster(dataDir: string, cluster: string, { identity, binaries }: Runtime): Credentials {
  const created = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const [shipped = ''] = binaries.version.split('.');
  if (created !== shipped) {
    throw new Error(
      `${cluster} was created by PostgreSQL ${created}, this release runs PostgreSQL ${shipped}, which cannot read it. ` +
        `Export it with the release that created it and load it into a new folder, or set DATABASE_URL to a PostgreSQL ${created} server.`,
    );
  }
  const credentials = readCredentials(dataDir);
  if (credentials === undefined) {
    throw new Error(`${credentialsPath(dataDir)} is missing: put back the copy that belongs to ${cluster}.`);
  }
  if (identity.fileOwner) giveTo(cluster, identity.fileOwner);
  return credentials;
}

/**
 * The same order of text on every machine: the provider that is built into PostgreSQL, never the system's locales. The
 * system's own name for it matters to nothing we use, so a system without it gets plain C.
 */
async function createCluster(folder: string, runtime: Runtime, password: string, durable: boolean): Promise<void> {
  const passwordFile = `${folder}.password`;
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const { fileOwner } = runtime.identity;
    if (fileOwner)
      [folder, passwordFile].forEach((path) => {
        chownSync(path, fileOwner.uid, fileOwner.gid);
      });
    const failure = await initdb(folder, runtime, 'C.UTF-8', passwordFile, durable);
    if (failure === undefined) return;
    const second = /invalid locale name/.test(failure)
      ? await initdb(folder, runtime, 'C', passwordFile, durable)
      : failure;
    if (second !== undefined) throw new Error(`Could not create the database cluster in ${folder}:\n${second}`);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Undefined on success, else what initdb complained about. */
function initdb(
  folder: string,
  { identity, binaries }: Runtime,
  locale: string,
  passwordFile: string,
  durable: boolean,
): Promise<string | undefined> {
  const args = [
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${locale}`,
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const [file, rest, options] = commandFor(identity, program(binaries.home, 'initdb'), args, folder);
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code === 0 ? undefined : usefulLines(output));
    });
  });
}

/** Left by a process that was killed half way. Its initdb may still be writing, hence the patience. */
function sweepAttempts(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith('postgres.init-')) {
      rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }
}
