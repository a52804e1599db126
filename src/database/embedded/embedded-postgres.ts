import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { locateBinaries } from './binaries';
import { connectionUrl, type Credentials, readCredentials } from './credentials';
import { chooseRuntime, type RootStrategy } from './identity';
import { inspect } from './inspection';
import { adoptOrphan } from './orphan';
import { Ownership } from './ownership';
import { readPostmaster } from './postmaster-file';
import { serverSettings } from './server-settings';
import { startServer } from './start-server';
import { Supervisor } from './supervisor';

export interface EmbeddedOptions {
  /** Absolute; the cluster goes into `<dataDir>/postgres`, its log, password and owner beside it. */
  dataDir: string;
  /** Preferred; a free one when it is taken or not given. */
  port?: number;
  /** Default true; false gives up safety against a crash of the machine for speed, for tests. */
  durable?: boolean;
  log: (line: string) => void;
  settings?: Record<string, string>;
  /** Only for root: which ways around PostgreSQL's refusal to be root are tried, in order. */
  rootStrategies?: RootStrategy[];
}

export interface RunningPostgres {
  host: '127.0.0.1';
  port: number;
  superuser: string;
  password: string;
  /** Found running instead of started: left behind by a killed process, or used beside its living owner. */
  adopted: boolean;
  urlFor(role: { user: string; password: string }, database: string): string;
  superuserUrl(database: string): string;
  /** Stops the server if it is ours to stop; repeated calls are harmless. */
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const ownerPatience = 120_000;

/**
 * Runs the PostgreSQL that comes with the package, on a data directory that survives us. Whatever an earlier process
 * left behind, killed at any moment, is taken up: a server that still runs is adopted, a half-made cluster made again.
 * One that dies while we live is started again.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<RunningPostgres> {
  // Others may pass through, because PostgreSQL may have to run as one of them; everything inside has its own mode.
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 });
  const ownership = new Ownership(options.dataDir);
  const guest = await claimOrJoin(ownership, options);
  if (guest) return guest;
  try {
    return await startAsOwner(ownership, options);
  } catch (error) {
    ownership.release();
    throw error;
  }
}

/** Undefined once we are the owner; otherwise the living owner's server, as soon as it answers. */
async function claimOrJoin(
  ownership: Ownership,
  { dataDir, log }: EmbeddedOptions,
): Promise<RunningPostgres | undefined> {
  const deadline = Date.now() + ownerPatience;
  for (;;) {
    const owner = ownership.claim();
    if (owner === undefined) return undefined;
    const server = readPostmaster(clusterPath(dataDir));
    const credentials = server?.status === 'ready' ? readCredentials(dataDir) : undefined;
    if (server && credentials && (await inspect(clusterPath(dataDir), server.port, credentials))) {
      log(`using PostgreSQL on ${host}:${server.port}, which belongs to Rollcall process ${owner.pid}`);
      return running(server.port, credentials, true, () => Promise.resolve());
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${dataDir} belongs to the running Rollcall process ${owner.pid}, but its PostgreSQL does not answer.`,
      );
    }
    await sleep(100);
  }
}

async function startAsOwner(ownership: Ownership, options: EmbeddedOptions): Promise<RunningPostgres> {
  const { dataDir, durable = true, port: preferred = 0, log } = options;
  const runtime = chooseRuntime(locateBinaries(), dataDir, options.rootStrategies);
  const settings = serverSettings({ binaries: runtime.binaries, durable, settings: options.settings ?? {} });
  const request = { dataDir, cluster: clusterPath(dataDir), runtime, settings, durable, port: preferred, log };

  const watch: { supervisor?: Supervisor } = {};
  const orphan = await adoptOrphan(request);
  const { server, credentials } = orphan ?? (await startServer(request, (how) => watch.supervisor?.died(how)));
  const supervisor = (watch.supervisor = new Supervisor(request, server));
  return running(server.port, credentials, orphan !== undefined, () =>
    supervisor.stop().finally(() => {
      ownership.release();
    }),
  );
}

function running(port: number, credentials: Credentials, adopted: boolean, stop: () => Promise<void>): RunningPostgres {
  const { superuser, password } = credentials;
  const urlFor: RunningPostgres['urlFor'] = (role, database) => connectionUrl(port, role, database);
  const superuserUrl = (database: string): string => urlFor({ user: superuser, password }, database);
  return { host, port, superuser, password, adopted, urlFor, superuserUrl, stop };
}

function clusterPath(dataDir: string): string {
  return join(dataDir, 'postgres');
}
