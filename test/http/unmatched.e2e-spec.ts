import { connect } from 'node:net';
import { serverForFile } from '../support/scene';
import { startServer } from '../support/server';

const server = serverForFile({}, startServer);

/** The status of a request whose first line is exactly this one. */
function asked(firstLine: string): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${firstLine} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (piece) => (answer += piece.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]));
    });
  });
}

/** The routes under which answers are counted, with how many. */
async function counted(): Promise<Map<string, number>> {
  const page = (await server.stranger.get('/metrics')).text;
  const routes = new Map<string, number>();
  for (const [, route = '', count] of page.matchAll(
    /^http_request_duration_seconds_count\{.*?route="(.*?)".*\} (\d+)$/gm,
  ))
    routes.set(route, (routes.get(route) ?? 0) + Number(count));
  return routes;
}

describe('a request that no route matches', () => {
  it.each<[number, string[]]>([
    [404, ['GET *', 'GET *?x', 'OPTIONS *', 'PURGE *', 'POST *', 'GET /*', 'GET //', 'GET http://x', 'GET http://x?a']],
    [404, ['GET /wp-login.php', 'GET /.git/config', 'GET /api/nowhere/1', 'GET /api/punches/', 'PROPFIND /nowhere']],
    [400, ['GET /%zz', 'GET /%2', 'GET /api/%c0%ae']],
  ])('is refused with %d and counted under one label, whatever it asks for: %j', async (status, firstLines) => {
    const before = await counted();
    for (const firstLine of firstLines) expect([firstLine, await asked(firstLine)]).toEqual([firstLine, status]);
    const after = await counted();
    expect((after.get('unmatched') ?? 0) - (before.get('unmatched') ?? 0)).toBe(firstLines.length);
    expect([...after.keys()].sort()).toEqual(['/metrics', 'unmatched']);
  });
});
