// A server of our own for fuzzing: the built one, on its embedded database, with the demo tenants.
const { spawn } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const http = require('node:http');
const { createServer } = require('node:net');
const os = require('node:os');
const path = require('node:path');

const password = 'fuzz-rollcall-01';
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function startServer() {
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-fuzz-'));
  const environment = {
    PORT: String(port),
    ROLLCALL_DATA_DIR: folder,
    DEMO_PASSWORD: password,
    ATTENDANCE_RATE_LIMIT_ENABLED: 'off',
    DRAIN_DELAY_MS: '0',
  };
  const child = spawn(process.execPath, [path.join(__dirname, '../../dist/main.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  });
  const log = []; // its last lines, to say what a 5xx was about
  const keep = (chunk) => log.push(...String(chunk).split('\n')) > 500 && log.splice(0, log.length - 500);
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  /** One request; 0 stands for no answer within a minute, or a connection that was cut. */
  function send({ method, path: target, headers = {}, body }) {
    return new Promise((resolve) => {
      const none = (error) => resolve({ status: 0, text: error.message });
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = {
        port,
        host: '127.0.0.1',
        agent,
        method,
        path: target,
        headers: { ...headers, ...length },
        timeout: 60_000,
      };
      const request = http.request(options, (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk) => (text += chunk));
        reply.on('end', () => resolve({ status: reply.statusCode, text }));
        reply.on('error', none);
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', none);
      request.end(body);
    });
  }

  const get = async (target, token) =>
    JSON.parse(
      (await send({ method: 'GET', path: target, headers: token ? { authorization: `Bearer ${token}` } : {} })).text,
    );

  /** The access token of a demo person. */
  async function signIn(email) {
    const headers = { 'content-type': 'application/json' };
    const reply = await send({
      method: 'POST',
      path: '/api/auth/login',
      headers,
      body: JSON.stringify({ email, password }),
    });
    if (reply.status !== 200) throw new Error(`${email} cannot sign in: ${reply.status} ${reply.text}`);
    return JSON.parse(reply.text).token;
  }

  for (let tries = 0; (await send({ method: 'GET', path: '/ready' })).status !== 200; tries++) {
    if (child.exitCode !== null || tries > 400) throw new Error(`the server did not become ready:\n${log.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }

  return {
    send,
    get,
    signIn,
    /** What the log says of a request. */
    logOf: (requestId) => log.filter((line) => line.includes(requestId)).join('\n'),
    async stop() {
      agent.destroy();
      const ended = new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve()));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

module.exports = { startServer };
