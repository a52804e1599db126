import { TestDatabase } from './database';
import { startServer, type TestServer } from './server';

const shared = new Map<string, Promise<TestServer>>();
let database: Promise<TestDatabase> | undefined;

/**
 * The server that the files of a process share which set the same. Starting one costs a second of work, more than most files do with it,
 * so a file that looks at its own tenants only takes this one. Who counts what the whole database holds, breaks something on purpose or
 * reads the counters of a process starts its own.
 */
export function sharedServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const key = JSON.stringify(environment);
  const known = shared.get(key) ?? openShared(environment);
  shared.set(key, known);
  return known;
}

async function openShared(environment: Record<string, string>): Promise<TestServer> {
  database ??= TestDatabase.create();
  const server = await startServer(environment, await database);
  endings.push(() => server.close());
  return { ...server, close: () => Promise.resolve() };
}

const endings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const end of endings) await end();
  await (await database)?.drop();
});
