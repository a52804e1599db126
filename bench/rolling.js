// Rolling restarts under load: two replicas behind a proxy that asks /ready every 50 ms, each restarted in turn by SIGTERM. No
// request may fail; the proxy repeats nothing. `--restarts 20`
const http = require('node:http');
const { numberOf, sized } = require('./options');
const { freePort, load, startServer } = require('./server');
const { onStage, populate, tokensFor } = require('./stage');

const restarts = numberOf('restarts', sized(2, 20, 20));
const DRAIN_DELAY_MS = '1000';

function startProxy(port, ports) {
  const healthy = new Map(ports.map((port) => [port, false]));
  const agents = new Map(ports.map((port) => [port, new http.Agent({ keepAlive: true, maxSockets: 64 })]));
  const failures = [];
  let turn = 0;
  const timer = setInterval(() => {
    for (const port of ports) {
      const probe = http.get({ port, host: '127.0.0.1', path: '/ready' }, (reply) => {
        reply.resume();
        healthy.set(port, reply.statusCode === 200);
      });
      probe.on('error', () => healthy.set(port, false));
    }
  }, 50);
  const server = http.createServer((request, reply) => {
    const live = ports.filter((port) => healthy.get(port));
    const port = live[turn++ % live.length];
    if (port === undefined) {
      failures.push('no replica is ready');
      reply.writeHead(502, { 'content-length': '0' }).end();
      return;
    }
    const onward = http.request(
      {
        port,
        host: '127.0.0.1',
        path: request.url,
        method: request.method,
        headers: request.headers,
        agent: agents.get(port),
      },
      (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => {
          const body = Buffer.concat(chunks);
          reply
            .writeHead(answer.statusCode, {
              'content-type': answer.headers['content-type'] ?? 'text/plain',
              'content-length': body.length,
            })
            .end(body);
        });
      },
    );
    onward.on('error', (error) => {
      failures.push(`${port}: ${error.code}`);
      reply.writeHead(502, { 'content-length': '0' }).end();
    });
    request.pipe(onward);
  });
  server.listen(port, '127.0.0.1');
  return { port, failures, healthy, stop: () => (clearInterval(timer), server.close(), server.closeAllConnections()) };
}

onStage(async (stage) => {
  const ports = [await freePort(), await freePort()];
  let proxy;
  try {
    await populate(stage, 1, 64);
    const people = await tokensFor(stage, 1, 64);
    const start = (port) => startServer(stage, { DRAIN_DELAY_MS, LOG_LEVEL: 'fatal' }, port);
    const replicas = await Promise.all(ports.map(start));
    proxy = startProxy(await freePort(), ports);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const started = Date.now();
    let codes = 0;
    const restarting = (async () => {
      for (let n = 0; n < restarts; n++) {
        const index = n % 2;
        replicas[index].child.once('exit', (code) => (codes += code === 0 ? 0 : 1));
        await replicas[index].stop();
        replicas[index] = await start(ports[index]);
        while (!proxy.healthy.get(ports[index])) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const plan = { port: proxy.port, connections: 16, people, seconds: 3600, warmupSeconds: 0, stepMs: 5000 };
    const result = await load({ ...plan, until: restarting });
    await restarting;
    const took = (Date.now() - started) / 1000;
    await Promise.all(replicas.map((replica) => replica.stop()));
    const [counts] = (
      await stage.admin.query(
        'SELECT (SELECT count(*) FROM punches)::int punches, (SELECT count(*) FROM audit_logs)::int entries',
      )
    ).rows;
    const failed = result.answered - (result.statuses['201'] ?? 0) + proxy.failures.length;
    console.log(
      `${restarts} restarts in ${took.toFixed(0)} s, ${result.answered} requests: ${failed} failed, exits other than 0: ${codes}`,
    );
    console.log(
      `answers ${JSON.stringify(result.statuses)}, ${counts.punches} punches, ${counts.entries} ledger entries${proxy.failures.length ? `, ${proxy.failures.slice(0, 5).join('; ')}` : ''} ${result.firstRefusal ?? ''}`,
    );
    if (failed > 0 || codes > 0 || counts.punches !== result.statuses['201']) process.exitCode = 1;
  } finally {
    proxy?.stop();
  }
});
