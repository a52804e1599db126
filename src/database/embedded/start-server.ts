import { join } from 'node:path';
import { prepareCluster } from './cluster';
import { type Credentials, credentialsPath } from './credentials';
import { inspect } from './inspection';
import { firstFreePort } from './ports';
import { ServerLog } from './server-log';
import { launch, PortTaken, type Server, stopServer } from './server-process';
import type { StartRequest } from './start-request';

const attempts = 5;

/** Brings up a server on a cluster nobody uses, making the cluster first if need be. */
export async function startServer(
  request: StartRequest,
  died: (how: string) => void,
): Promise<{ server: Server; credentials: Credentials }> {
  const { cluster, dataDir, runtime, log } = request;
  const credentials = await prepareCluster(request);
  const began = Date.now();
  const server = await launchOnFreePort(request, died);
  if (!(await inspect(cluster, server.port, credentials))) {
    await stopServer(server, runtime.binaries);
    throw new Error(
      `PostgreSQL does not accept the password in ${credentialsPath(dataDir)}: put back the one that belongs to it.`,
    );
  }
  log(
    `started PostgreSQL on 127.0.0.1:${server.port} (pid ${server.pid}) as ${runtime.identity.description} in ${Date.now() - began} ms`,
  );
  return { server, credentials };
}

/** A free port may be taken in the meantime. PostgreSQL reports it, and the next one is tried. */
async function launchOnFreePort(request: StartRequest, died: (how: string) => void): Promise<Server> {
  const serverLog = new ServerLog(join(request.dataDir, 'postgres.log'));
  serverLog.truncateWhenLarge();
  for (let attempt = 1; ; attempt++) {
    const port = await firstFreePort(request.port, '127.0.0.1');
    try {
      return await launch({ ...request, port, serverLog }, died);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === attempts) throw error;
      request.log(`port ${port} was taken at the last moment: trying the next`);
    }
  }
}
