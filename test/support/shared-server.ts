import { startServer, type TestServer } from './server';

const shared = new Map<string, Promise<TestServer>>();

/**
 * The server, and its database, that the files of a process share which set the same. Starting one costs a second of work, more than most
 * files do with it, so a file that looks at its own tenants only takes this one. Who counts what the whole database holds, breaks something
 * on purpose or reads the counters of a process starts its own.
 */
export async function sharedServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const key = JSON.stringify(environment);
  const known = shared.get(key) ?? startServer(environment);
  shared.set(key, known);
  return { ...(await known), close: () => Promise.resolve() };
}

afterAll(async () => {
  for (const server of shared.values()) await (await server).close();
});
