// kill -9 under keyed load. Every key must end with exactly one punch, one ledger entry and one kept answer; an answer that was
// acknowledged must be replayed as it was; no key may be blocked for more than two seconds (in CI, where others are at work, a minute). `--rounds 50`
const { randomUUID } = require('node:crypto');
const { numberOf, sized } = require('./options');
const { startServer } = require('./server');
const { onStage, populate, tokensFor } = require('./stage');

const rounds = numberOf('rounds', sized(2, 50, 50));
const PEOPLE = 12;

onStage(async (stage) => {
  const sent = new Map(); // key -> { person, body, answer? }
  let longestBlock = 0;
  let refused = 0;
  let server;
  const punch = (person, key, body, signal) =>
    fetch(`${server.url}/api/punches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body,
      signal,
    }).then(async (reply) => ({ status: reply.status, text: await reply.text() }));
  await populate(stage, 1, PEOPLE);
  const people = await tokensFor(stage, 1, PEOPLE);
  let round = 0;
  const turn = people.map(() => 0);
  for (; round < rounds; round++) {
    server = await startServer(stage, { LOG_LEVEL: 'fatal' });
    let dead = false;
    // What was not acknowledged before the last kill is repeated first, some that were acknowledged as well.
    for (const [key, one] of sent) {
      if (one.answer !== undefined && Math.random() > 0.01) continue;
      const started = performance.now();
      for (;;) {
        const reply = await punch(one.person, key, one.body).catch(() => undefined);
        if (reply && reply.status < 500 && !/key_in_use/.test(reply.text)) {
          if (one.answer !== undefined && one.answer !== reply.text) throw new Error(`Another answer to ${key}`);
          if (reply.status !== 201) refused++;
          one.answer = reply.text;
          break;
        }
        if (performance.now() - started > 30_000) throw new Error(`Key ${key} stays blocked`);
      }
      longestBlock = Math.max(longestBlock, performance.now() - started);
    }
    const worker = async (person, index) => {
      while (!dead) {
        const n = turn[index]++;
        const at = new Date(Date.now() - 20 * 3_600_000 + n * 15_000).toISOString();
        const body = JSON.stringify({ employeeId: person.id, type: n % 2 === 0 ? 'in' : 'out', timestamp: at });
        const one = { person, body };
        const key = randomUUID();
        sent.set(key, one);
        const reply = await punch(person, key, body).catch(() => undefined);
        if (!reply || reply.status >= 500) return;
        if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
        one.answer = reply.text;
      }
    };
    const workers = people.map(worker);
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 300));
    server.child.kill('SIGKILL');
    dead = true;
    await Promise.all(workers);
  }
  server = await startServer(stage, { LOG_LEVEL: 'fatal' });
  let lost = 0;
  for (const [key, one] of sent) {
    const reply = await punch(one.person, key, one.body);
    if (one.answer !== undefined && reply.text !== one.answer) lost++;
    if (reply.status !== 201) refused++;
  }
  await server.stop();
  const [counts] = (
    await stage.admin.query(
      'SELECT (SELECT count(*) FROM punches)::int punches, (SELECT count(*) FROM idempotency_keys)::int keys, (SELECT count(*) FROM audit_logs)::int entries',
    )
  ).rows;
  console.log(
    `${rounds} kill -9, ${sent.size} keys: ${counts.punches} punches, ${counts.keys} kept answers, ${counts.entries} ledger entries`,
  );
  console.log(
    `duplicates ${Math.max(0, counts.punches - sent.size)}, lost acknowledgements ${lost}, refused ${refused}, longest wait for a key after a restart ${longestBlock.toFixed(0)} ms`,
  );
  if (
    counts.punches !== sent.size ||
    counts.keys !== sent.size ||
    counts.entries !== sent.size ||
    lost > 0 ||
    refused > 0 ||
    longestBlock > sized(60_000, 2_000, 2_000)
  )
    process.exitCode = 1;
});
