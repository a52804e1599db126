// A million rows in, beside raw COPY of the same rows into a table of the same shape and indexes; see bench/README.md.
const { createReadStream, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { once } = require('node:events');
const os = require('node:os');
const path = require('node:path');
const { openStage, startServer } = require('./stage');
const { base, say, aTenant, aFile, client, timed, ended } = require('./import-files');

const quick = process.argv.includes('--quick');
const ROWS = quick ? 100_000 : 1_000_000;
const PEOPLE = quick ? 1_000 : 10_000;
const PORT = 4330;
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const rate = (rows, ms) => Math.round(rows / (ms / 1000));
const quantile = (times, q) =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))] ?? NaN;

async function bareParser(file) {
  const { parse } = require('csv-parse');
  const started = performance.now();
  let rows = 0;
  const parser = createReadStream(file).pipe(
    parse({ relax_column_count: true, relax_quotes: true, skip_records_with_error: true }),
  );
  parser.on('data', () => (rows += 1));
  await once(parser, 'end');
  return rate(rows, performance.now() - started);
}

let keys = 0;
/** Guarded punches one after the other, fifty a second, until stopped: how long does somebody at a clock wait? */
function punching(server, people) {
  const times = [];
  let running = true;
  let n = 0;
  let fault;
  const loop = (async () => {
    while (running) {
      const person = people[n % people.length];
      const started = performance.now();
      const reply = await fetch(`${server.url}/api/punches`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${people[0].token}`,
          'content-type': 'application/json',
          'idempotency-key': `b-${process.pid}-${keys++}`,
        },
        body: JSON.stringify({
          employeeId: person.id,
          type: n % (2 * people.length) < people.length ? 'in' : 'out',
          source: 'terminal',
        }),
      });
      await reply.arrayBuffer();
      if (reply.status !== 201) throw new Error(`a punch was answered ${reply.status}`);
      times.push(performance.now() - started);
      n += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 20 - (performance.now() - started))));
    }
  })().catch((error) => (fault = error));
  return async () => {
    running = false;
    await loop;
    if (fault) throw fault;
    return times;
  };
}

/** The very rows that were committed, by COPY into a table with the same columns, indexes and checks. */
async function rawCopy(stage) {
  const columns =
    'tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, device_id, flags, status, created_by, import_batch_id, import_line';
  const file = path.join(stage.dataDir, 'raw.copy');
  await stage.admin.query(`COPY (SELECT ${columns} FROM punches WHERE import_batch_id IS NOT NULL) TO '${file}'`);
  await stage.admin.query('CREATE TABLE raw_punches (LIKE punches INCLUDING ALL)');
  await stage.admin.query('CHECKPOINT');
  const { answer, ms } = await timed(() => stage.admin.query(`COPY raw_punches (${columns}) FROM '${file}'`));
  await stage.admin.query('DROP TABLE raw_punches');
  return { rows: answer.rowCount, ms };
}

async function main() {
  const stage = await openStage();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-files-'));
  try {
    const people = await aTenant(stage, PEOPLE);
    const { file, truth } = await aFile(folder, { rows: ROWS, people: PEOPLE, seed: 11 });
    const parser = await bareParser(file);
    const server = await startServer(stage, PORT, { DAY_WORKER: 'off', BODY_LIMIT_BYTES: '2000000' });
    try {
      const call = client(server, people[0].token);
      let stop = punching(server, people);
      await new Promise((resolve) => setTimeout(resolve, quick ? 3000 : 8000));
      const idle = await stop();
      const rss = server.rssMb();
      let peak = rss;
      const look = setInterval(() => (peak = Math.max(peak, server.rssMb())), 100);
      const upload = await timed(() => call('POST', `${base}/upload?filename=rows.csv`, createReadStream(file)));
      const source = { fileId: upload.answer.fileId, timeZone: 'UTC' };
      const preview = await timed(() => call('POST', `${base}/preview`, { ...source, previewLimit: 10 }));
      stop = punching(server, people);
      const commit = await timed(async () => {
        const { jobId, batchId } = await call('POST', `${base}/commit`, {
          ...source,
          commitToken: preview.answer.commitToken,
        });
        return { batchId, job: await ended(call, jobId) };
      });
      const busy = await stop();
      const { job, batchId } = commit.answer;
      const raw = await rawCopy(stage);
      const rollback = await timed(async () => {
        const { jobId } = await call('POST', `${base}/rollback/${batchId}`);
        return ended(call, jobId);
      });
      clearInterval(look);
      say(
        `${truth.rows} rows of ${PEOPLE} people; the truth: ${truth.punches} punches; committed: ${JSON.stringify(job.counts)}, ${job.status}; agree: ${job.counts.create === truth.punches}`,
      );
      say('| | time | rows/s | ratio | target |\n|---|---|---|---|---|');
      say(`| upload | ${seconds(upload.ms)} | ${rate(truth.rows, upload.ms)} | | |`);
      say(`| csv-parse alone | | ${parser} | 1.00 | |`);
      say(
        `| preview (${preview.answer.rows} rows) | ${seconds(preview.ms)} | ${rate(preview.answer.rows, preview.ms)} | ${(rate(preview.answer.rows, preview.ms) / parser).toFixed(2)} | 0.6 |`,
      );
      say(`| raw COPY of the same rows | ${seconds(raw.ms)} | ${rate(raw.rows, raw.ms)} | 1.00 | |`);
      say(
        `| commit | ${seconds(commit.ms)} | ${rate(truth.rows, commit.ms)} | ${(rate(truth.rows, commit.ms) / rate(raw.rows, raw.ms)).toFixed(2)} | 0.4 |`,
      );
      say(`| rollback | ${seconds(rollback.ms)} | ${rate(truth.punches, rollback.ms)} | | 15 s |`);
      say(
        `RSS ${rss.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most: ${(peak - rss).toFixed(0)} MB more (target: under 150)`,
      );
      say(
        `punches: p99 ${quantile(idle, 0.99).toFixed(1)} ms idle (p50 ${quantile(idle, 0.5).toFixed(1)}), ${quantile(busy, 0.99).toFixed(1)} ms while loading (p50 ${quantile(busy, 0.5).toFixed(1)}): ${(quantile(busy, 0.99) / quantile(idle, 0.99)).toFixed(1)} times (target: under 2)`,
      );

      const daily = await aFile(folder, { rows: 10_000, people: PEOPLE, seed: 12 });
      const steps = {};
      const day = await timed(async () => {
        const up = await timed(() => call('POST', `${base}/upload?filename=day.csv`, createReadStream(daily.file)));
        const looked = await timed(() =>
          call('POST', `${base}/preview`, { fileId: up.answer.fileId, timeZone: 'UTC' }),
        );
        const done = await timed(async () => {
          const { jobId } = await call('POST', `${base}/commit`, {
            fileId: up.answer.fileId,
            timeZone: 'UTC',
            commitToken: looked.answer.commitToken,
          });
          return ended(call, jobId);
        });
        const undone = await timed(async () => {
          const { jobId } = await call('POST', `${base}/rollback/${done.answer.id}`);
          return ended(call, jobId);
        });
        Object.assign(steps, {
          uploadMs: up.ms,
          previewMs: looked.ms,
          commitMs: done.ms,
          rollbackMs: undone.ms,
          counts: done.answer.counts,
        });
      });
      const summary = path.join(os.tmpdir(), 'perf-summary.json');
      writeFileSync(summary, JSON.stringify({ rows: 10_000, totalMs: day.ms, ...steps }, null, 2));
      say(`10,000 rows, previewed, committed and rolled back: ${seconds(day.ms)}; figures in ${summary}`);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await stage.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
