#!/usr/bin/env node
// Sends requests that nobody should send to every operation of the OpenAPI document, and fails where one is answered with 5xx or
// not at all. The same seed makes the same requests, but for the ids of what a server holds.
//   npm run fuzz -- [--seed 42] [--runs 25] [--only /api/punches]
const { parseArgs } = require('node:util');
const fc = require('fast-check');
const { requestsFor } = require('./fuzz/requests');
const { startServer } = require('./fuzz/server');
const { Ids } = require('./fuzz/values');

const options = {
  seed: { type: 'string' },
  runs: { type: 'string', default: '25' },
  only: { type: 'string', default: '' },
};
const { values } = parseArgs({ options });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const ABREAST = 4;

/**
 * Administrator with all roles and platform operator, with what they know that nobody could guess: a terminal of theirs. What
 * is their own stays out of the requests, or they would soon lock themselves out.
 */
async function callersOf(server) {
  const admin = await server.signIn('admin@acme.test');
  const operator = await server.signIn('operator@rollcall.test');
  const me = await server.get('/api/auth/me', admin);
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
  const post = async (path, body) =>
    JSON.parse((await server.send({ method: 'POST', path, headers, body: JSON.stringify(body) })).text);
  for (const template of ['approver', 'payroll', 'employee'])
    await post(`/api/attendance-admin/users/${me.id}/roles/assign`, { template });
  const { id, secret } = await post('/api/devices', {
    serialNumber: 'FUZZ-1',
    name: 'Door',
    timeZone: 'Europe/Berlin',
  });
  const { commitToken } = await post('/api/attendance/import/prepare', {});
  const csvText = 'employeeNumber,type,timestamp\n0100,in,2026-03-02T08:00:00Z\n0100,out,2026-03-02T17:00:00Z\n';
  await post('/api/attendance/import/commit', { csvText, commitToken });
  const own = [id, me.id, me.tenant.id, (await server.get('/api/auth/me', operator)).id];
  const fileTypes = ['text/csv', 'application/octet-stream'];
  const known = {
    secret: [secret],
    SN: ['FUZZ-1'],
    'content-type': fileTypes,
    table: ['ATTLOG', 'ATTLOG', 'OPERLOG', 'rtlog', 'tabledata'],
  };
  return { admin, operator, own, known };
}

function operationsOf(document) {
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return all.filter(({ path }) => path.startsWith(values.only));
}

/** Designed answers to too much at once, with Retry-After: the only ones of 500 and above that are no fault. */
const isRefusalOfLoad = ({ status, text }) => status === 503 && text.includes('"overloaded"');

async function report(server, request, reply) {
  const { requestId = '-' } = reply.text.startsWith('{') ? JSON.parse(reply.text) : {};
  const headers = { ...request.headers, ...(request.headers.authorization ? { authorization: '…' } : {}) };
  const input = JSON.stringify({ headers, body: request.body }).slice(0, 4_000);
  console.log(
    `${reply.status || 'no answer'}  ${request.method} ${request.path}\n  seed ${seed}  input ${input}\n  ${reply.text.slice(0, 500)}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 500)); // the log is written behind the answer
  console.log(server.logOf(requestId).slice(0, 2_000));
}

async function main() {
  const started = performance.now();
  console.log(`seed ${seed}`);
  const server = await startServer();
  try {
    const document = await server.get('/openapi.json');
    const callers = await callersOf(server);
    const ids = new Ids(callers.own);
    const requestOf = requestsFor(document, ids, callers.known);
    const operations = operationsOf(document);
    const counts = {};
    const succeeded = new Set();
    let faults = 0;

    const sendOne = async ({ operation, method, path }, g) => {
      const request = requestOf(g, { operation, method, path });
      const who = g(fc.constantFrom, ...'aaaaaaaaaaaaaaaaon');
      const token =
        path.startsWith('/api/tenants') && who === 'a'
          ? callers.operator
          : { a: callers.admin, o: callers.operator }[who];
      if (token) request.headers = { authorization: `Bearer ${token}`, ...request.headers };
      const reply = await server.send(request);
      const digit = Math.floor(reply.status / 100);
      counts[`${digit}xx`] = (counts[`${digit}xx`] ?? 0) + 1;
      if (digit === 2) succeeded.add(`${method} ${path}`);
      if (digit === 2 && method !== 'DELETE') ids.learn(path, reply.text);
      if ((digit === 5 || digit === 0) && !isRefusalOfLoad(reply)) {
        faults++;
        await report(server, request, reply);
      }
    };

    // What can be listed gives the ids; then round by round, so that every operation meets what the others made.
    for (const { method, path } of operations)
      if (method === 'GET' && !path.includes('{')) {
        const reply = await server.send({ method, path, headers: { authorization: `Bearer ${callers.admin}` } });
        if (reply.status === 200) ids.learn(path, reply.text);
      }
    for (let round = 0; round < Number(values.runs); round++) {
      const drawn = fc.sample(fc.gen(), { seed: seed + round, numRuns: operations.length });
      const queue = operations.map((operation, n) => [operation, drawn[n]]);
      const work = async () => {
        for (let next = queue.pop(); next; next = queue.pop()) await sendOne(...next);
      };
      await Promise.all(Array.from({ length: ABREAST }, work));
    }

    const never = operations.map(({ method, path }) => `${method} ${path}`).filter((name) => !succeeded.has(name));
    console.log(
      `${operations.length} operations, ${JSON.stringify(counts)}, ${faults} faults, ${Math.round((performance.now() - started) / 1000)} s, seed ${seed}`,
    );
    if (never.length > 0) console.log(`never answered with 2xx: ${never.join(', ')}`);
    process.exitCode = faults > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
