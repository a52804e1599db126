import { existsSync } from 'node:fs';
import { type Credentials, credentialsPath, readCredentials } from './credentials';
import { inspect } from './inspection';
import { disownPostmasterFile, readPostmaster } from './postmaster-file';
import type { Server } from './server-process';
import { findServer, stopServer } from './server-process';
import type { StartRequest } from './start-request';
import { fingerprintSetting } from './server-settings';

interface Orphan {
  server: Server;
  credentials: Credentials;
}

/**
 * The server that a killed process left running on our cluster, if it may simply be kept. One that was started with
 * other settings, or by another release, is stopped instead: a new setting must not wait for a clean shutdown to count.
 */
export async function adoptOrphan({
  cluster,
  dataDir,
  runtime,
  settings,
  log,
}: StartRequest): Promise<Orphan | undefined> {
  if (!existsSync(cluster)) return undefined;
  const server = await findServer(cluster);
  if (server === undefined) {
    if (readPostmaster(cluster)) disownPostmasterFile(cluster);
    return undefined;
  }
  const credentials = readCredentials(dataDir);
  const answer = credentials && (await inspect(cluster, server.port, credentials));
  if (!credentials || !answer) {
    throw new Error(
      `Process ${server.pid} runs PostgreSQL on ${cluster} but does not let us in with ${credentialsPath(dataDir)}: ` +
        'put back the file that belongs to the cluster, or stop that process.',
    );
  }
  if (answer.settings !== settings[fingerprintSetting]) {
    log(`PostgreSQL (pid ${server.pid}) still runs with other settings: starting it again`);
    await stopServer(server, runtime.binaries);
    return undefined;
  }
  log(`adopted PostgreSQL on 127.0.0.1:${server.port} (pid ${server.pid}), left running by a process that was killed`);
  return { server, credentials };
}
