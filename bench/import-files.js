// What the benches of imports have in common: people, a file and what is true about it, and waiting for a job.
const { createWriteStream } = require('node:fs');
const { once } = require('node:events');
const path = require('node:path');
const { administrator, built, populate, tokensFor } = require('./stage');

const base = '/api/attendance/import';

/** A tenant whose people have the numbers of the files; answers the first 64 with their tokens, and the token of an administrator. */
async function aTenant(stage, count) {
  await populate(stage, 1, count);
  await stage.admin.query(`UPDATE users SET employee_number = right(id::text, 6) WHERE name LIKE 'Person %'`);
  const token = await administrator(stage);
  await stage.admin.query('CHECKPOINT');
  return { token, people: await tokensFor(stage, 1, Math.min(64, count)) };
}

/** A file of plain punches with one row in a hundred faulty, and what is true about it. */
async function aFile(folder, { rows: maxRows, people, seed, from = '2026-01-01' }) {
  const { generate } = built('tools/generate/generate');
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

/** The job once it is over, however it ended. */
async function ended(call, jobId) {
  for (;;) {
    const job = await call('GET', `${base}/jobs/${jobId}`);
    if (!['queued', 'running', 'rolling_back'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

module.exports = { base, aTenant, aFile, ended };
