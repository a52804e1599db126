import { createServer } from 'node:net';

/** Far enough past the preferred port to step over a handful of neighbours, near enough to be guessed by a person. */
const neighbours = 20;

/**
 * The first port at or after `preferred` on which `host` can listen; when the whole neighbourhood is taken,
 * or when `preferred` is 0, any port the operating system offers.
 *
 * The answer is only a probe: another process may bind the port before the caller does. Whoever uses it must be
 * ready to ask again.
 */
export async function firstFreePort(preferred: number, host: string): Promise<number> {
  const last = Math.min(preferred + neighbours, 65_535);
  for (let port = preferred; port > 0 && port <= last; port++) {
    if ((await listenOnce(port, host)) !== undefined) return port;
  }
  const offered = await listenOnce(0, host);
  if (offered === undefined) throw new Error(`No free port on ${host}: every attempt to listen was refused.`);
  return offered;
}

/** Only "taken" and "not allowed" mean the next port may do; a host that does not exist is the caller's mistake. */
function listenOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
  });
}
