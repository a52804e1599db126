import type { startServer, TestServer } from './server';
import { sharedServer } from './shared-server';
import type { Tenant } from './world';

/** What nearly every test needs. Both are there while tests run, and may be named above them. */
export interface Scene {
  readonly server: TestServer;
  /** With an administrator, an approver and an employee. */
  readonly tenant: Tenant;
}

type Environment = Readonly<Record<string, string>>;
/** Others share the server, unless it is `startServer` that makes it. */
type Start = typeof sharedServer | typeof startServer;

/** For the tests of a file: a server, set as `environment` says, and one tenant. */
export function tenantForFile(environment: Environment = {}, start?: Start): Scene {
  const server = serverForFile(environment, start);
  return { server, tenant: tenantOf(server) };
}

/** For the tests of a file: one tenant more. */
export function tenantOf(server: TestServer): Tenant {
  let tenant: Tenant | undefined;
  beforeAll(async () => {
    tenant = await server.world.tenant();
  });
  return whileRunning(() => tenant);
}

/** For the tests of a file: a server, set as `environment` says, and before each of them a tenant of its own. */
export function tenantForEachTest(environment: Environment = {}, start?: Start): Scene {
  const server = serverForFile(environment, start);
  let tenant: Tenant | undefined;
  beforeEach(async () => {
    tenant = await server.world.tenant();
  });
  return { server, tenant: whileRunning(() => tenant) };
}

/** For the tests of a file: a server, set as `environment` says. */
export function serverForFile(environment: Environment = {}, start: Start = sharedServer): TestServer {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await start(environment);
  });
  afterAll(() => server?.close());
  return whileRunning(() => server);
}

/**
 * Stands for what a hook makes, so that a file can name it, and write its helpers with it, above the hook. Whoever asks it something
 * gets the answer of what is there `now`; asking while nothing is there yet is an error.
 */
export function whileRunning<T extends object>(now: () => T | undefined): T {
  const standIn: Partial<T> = {};
  return new Proxy(standIn as T, {
    get: (_, member) => {
      const there = now();
      if (!there) throw new Error(`${String(member)} is asked for before the tests run`);
      return Reflect.get(there, member) as unknown;
    },
  });
}
