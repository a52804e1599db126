import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../src/database/migrating/migrate';
import { startEmbeddedPostgres, type RunningPostgres } from '../../src/database/embedded/embedded-postgres';
import { loginNames, loginsOf, provision } from '../../src/database/provision';

declare global {
  var rollcallCluster: RunningPostgres | undefined;
}

/** One PostgreSQL for all test files; each of them gets a database of its own, cloned from a migrated template. */
export default async function setup(): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rollcall-test-'));
  const cluster = await startEmbeddedPostgres({
    dataDir,
    durable: false,
    log: () => undefined,
    settings: { max_connections: '200' },
  });
  const logins = await loginsOf(dataDir);
  await provision(cluster.superuserUrl('postgres'), 'rollcall_template', logins);
  const url = (duty: keyof typeof loginNames, database: string) =>
    cluster.urlFor({ user: loginNames[duty], password: logins[duty] }, database);
  await migrate({ connectionString: url('owner', 'rollcall_template') });
  globalThis.rollcallCluster = cluster;
  process.env['ROLLCALL_TEST_CLUSTER'] = JSON.stringify({
    dataDir,
    superuser: cluster.superuserUrl('DATABASE'),
    owner: url('owner', 'DATABASE'),
    runtime: url('runtime', 'DATABASE'),
    retention: url('retention', 'DATABASE'),
  });
}
