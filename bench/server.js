// The built server as a process of its own, and the load generator as another.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createServer } = require('node:net');
const { rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { cpuOf, meter, rssMb } = require('./cpu');
const { root } = require('./stage');

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the server and waits until it is ready; `port` where it has to be a certain one. */
async function startServer(stage, environment = {}, port = undefined) {
  port ??= await freePort();
  const main = path.join(root, 'dist', 'main.js');
  const started = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=32', '--no-allocation-site-pretenuring', main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: stage.url('runtime'),
      DATABASE_OWNER_URL: stage.url('owner'),
      DATABASE_RETENTION_URL: stage.url('retention'),
      ROLLCALL_DATA_DIR: stage.dataDir,
      ATTENDANCE_RATE_LIMIT_ENABLED: 'off',
      DRAIN_DELAY_MS: '0',
      ...environment,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/ready`).then(
      (reply) => reply.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error('the server ended before it was ready');
    if (performance.now() - started > 60_000) throw new Error('the server did not become ready');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url,
    port,
    child,
    readyAfterMs: performance.now() - started,
    readyCpuMs: cpuOf(child.pid) / 1000,
    rssMb: () => rssMb(child.pid),
    /** Processor time a unit from now on: `{ server, postgres }` in microseconds. */
    meter: () => meter({ server: child.pid, postgres: stage.postgresPid }),
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith(name) && !line.startsWith('#'))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Calls the API as somebody; a body may be a stream. A refusal is an error. */
const client =
  (server, token) =>
  async (method, route, body, headers = {}) => {
    const isStream = body && typeof body.pipe === 'function';
    const reply = await fetch(server.url + route, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': isStream ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isStream ? body : JSON.stringify(body), duplex: 'half' }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${route}: ${reply.status} ${text.slice(0, 500)}`);
    return reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  };

/** Runs the load generator to its end, or `until` a promise is settled; see load.js for the plan. */
async function load({ until, ...plan }) {
  const file = path.join(os.tmpdir(), `rollcall-plan-${process.pid}-${Math.random().toString(36).slice(2)}.json`);
  const start = Date.now() - 20 * 3_600_000; // what people say of themselves later than a day after waits for somebody else
  const usual = { host: '127.0.0.1', path: '/api/punches', warmupSeconds: 2, seconds: 6, keyed: true, start };
  writeFileSync(file, JSON.stringify({ ...usual, stepMs: 6_000, ...plan }));
  const child = spawn(process.execPath, [path.join(__dirname, 'load.js'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  void until?.finally(() => child.kill('SIGTERM')).catch(() => undefined);
  await once(child, 'close');
  rmSync(file, { force: true });
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`the load generator failed: ${output}`);
  }
}

module.exports = { freePort, startServer, client, load };
