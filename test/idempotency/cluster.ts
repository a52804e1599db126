import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AccessTokens } from '../../src/auth/access-tokens';
import { SigningKeys } from '../../src/auth/signing-keys';
import { loadConfig } from '../../src/config/config';
import { Client } from '../support/client';
import { TestDatabase } from '../support/database';
import { type ServerProcess, settingsFor, startProcess } from '../support/processes';
import { World } from '../support/world';

/** Server processes on one database, which come and go. */
export interface Cluster {
  readonly database: TestDatabase;
  readonly world: World;
  start(environment?: Record<string, string>): Promise<ServerProcess>;
  close(): Promise<void>;
}

export async function openCluster(): Promise<Cluster> {
  const database = await TestDatabase.create();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-cluster-'));
  const config = loadConfig({ NODE_ENV: 'test', ROLLCALL_DATA_DIR: folder });
  const tokens = new AccessTokens(await SigningKeys.open(config), config);
  const processes: ServerProcess[] = [];
  return {
    database,
    world: new World(database, tokens, new Client('http://nowhere.invalid')),
    start: async (environment = {}) => {
      const server = await startProcess({ ...settingsFor(database, folder), ...environment });
      processes.push(server);
      return server;
    },
    close: async () => {
      for (const server of processes) server.kill('SIGKILL');
      await Promise.all(processes.map((server) => server.exited));
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
