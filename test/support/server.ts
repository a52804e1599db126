import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../src/application';
import { AccessTokens } from '../../src/auth/access-tokens';
import { loadConfig } from '../../src/config/config';
import { TestDatabase } from './database';
import { Client } from './client';
import { patient } from './patient';
import { World } from './world';

export interface TestServer {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly database: TestDatabase;
  readonly world: World;
  /** A caller without a token. */
  readonly stranger: Client;
  close(): Promise<void>;
}

// Each application writes out its log when the process ends, and a test process has many of them.
process.setMaxListeners(0);

/** Starts the real application, as production builds it, on a database of its own. */
export async function startServer(
  environment: Record<string, string> = {},
  database?: TestDatabase,
  /** Another way to the same database, given its address. */
  detour: (url: string) => string | Promise<string> = (url) => url,
): Promise<TestServer> {
  const own = database ?? (await TestDatabase.create());
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rollcall-server-'));
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    ATTENDANCE_RATE_LIMIT_ENABLED: 'off',
    DRAIN_DELAY_MS: '0',
    ROLLCALL_DATA_DIR: dataDir,
    AUTH_PRINCIPAL_CACHE_MS: '0',
    AUTH_PASSWORD_COST: '10',
    CHANGE_NOTICES: 'off', // most tests have one replica, and remember no principals
    IMPORT_WORKER: 'off',
    EXPORT_WORKER: 'off',
    DAY_WORKER: 'off', // a test computes days when it says so, and counts only its own statements
    ...patient(environment),
  });
  const app = await createApplication(config, {
    runtime: { connectionString: await detour(own.urls.runtime) },
    owner: { connectionString: own.urls.owner },
    retention: { connectionString: own.urls.retention },
    embedded: false,
    description: 'test',
    stop: () => Promise.resolve(),
  });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const stranger = new Client(url);
  return {
    app,
    url,
    database: own,
    stranger,
    world: new World(own, app.get(AccessTokens, { strict: false }), stranger),
    close: async () => {
      await app.close();
      if (!database) await own.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
