// What the benches of imports have in common: a file with its truth, a client, and waiting for a job.
const { createWriteStream } = require('node:fs');
const { once } = require('node:events');
const path = require('node:path');
const { built, populate, personId, tenantId, tokensFor } = require('./stage');

const base = '/api/attendance/import';

const say = (line) => process.stdout.write(`${line}\n`);

/** A tenant whose people have the numbers of the files; answers the first 64 with their tokens, the first of them an administrator. */
async function aTenant(stage, people) {
  await populate(stage, 1, people);
  await stage.admin.query(`UPDATE users SET employee_number = right(id::text, 6) WHERE name LIKE 'Person %'`);
  await stage.admin.query(
    `INSERT INTO user_roles (tenant_id, user_id, role) VALUES ($1, $2, 'admin') ON CONFLICT DO NOTHING`,
    [tenantId(1), personId(0)],
  );
  await stage.admin.query('CHECKPOINT');
  return tokensFor(stage, 1, 64);
}

/** A file of plain punches with one row in a hundred faulty, and what is true about it. */
async function aFile(folder, { rows: maxRows, people, seed, from = '2026-01-01' }) {
  const { generate } = built('attendance/imports/generate/generate');
  const { text, truth } = generate({
    shape: 'plain-punches',
    seed,
    people,
    days: Math.ceil(maxRows / people / 3),
    from,
    timeZone: 'UTC',
    maxRows,
    employeeNumber: (index) => String(index).padStart(6, '0'),
  });
  const file = path.join(folder, `${maxRows}.csv`);
  const out = createWriteStream(file);
  for (const chunk of text) if (!out.write(chunk)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
  return { file, truth };
}

function client(server, token) {
  return async (method, route, body) => {
    const stream = body && typeof body.pipe === 'function';
    const reply = await fetch(server.url + route, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': stream ? 'text/csv' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: stream ? body : JSON.stringify(body), duplex: 'half' }),
    });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${route}: ${reply.status} ${JSON.stringify(answer)}`);
    return answer;
  };
}

async function timed(work) {
  const started = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - started };
}

async function ended(call, jobId, onTick = () => undefined) {
  for (;;) {
    const job = await call('GET', `${base}/jobs/${jobId}`);
    onTick();
    if (!['queued', 'running', 'rolling_back'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

module.exports = { base, say, aTenant, aFile, client, timed, ended };
