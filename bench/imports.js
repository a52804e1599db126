// A million rows in, beside raw COPY of the same rows into a table of the same shape and indexes; see bench/README.md.
const { createReadStream, writeFileSync } = require('node:fs');
const { once } = require('node:events');
const os = require('node:os');
const path = require('node:path');
const { cpuFigures, figure, quantile, say, timed } = require('./figures');
const { base, aTenant, aFile, ended } = require('./import-files');
const { sized } = require('./options');
const { client, startServer } = require('./server');
const { onStage } = require('./stage');

const ROWS = sized(2_000, 100_000, 1_000_000);
const DAILY_ROWS = sized(500, 10_000, 10_000);
const PEOPLE = sized(100, 1_000, 10_000);
const IDLE_MS = sized(500, 3_000, 8_000);
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const rate = (rows, ms) => Math.round(rows / (ms / 1000));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

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
function punching(call, people) {
  const times = [];
  let isRunning = true;
  const loop = (async () => {
    for (let n = 0; isRunning; n++) {
      const { id: employeeId } = people[n % people.length];
      const type = n % (2 * people.length) < people.length ? 'in' : 'out';
      const key = { 'idempotency-key': `bench-${keys++}` };
      const { ms } = await timed(() => call('POST', '/api/punches', { employeeId, type, source: 'terminal' }, key));
      times.push(ms);
      await pause(Math.max(0, 20 - ms));
    }
  })();
  loop.catch(() => undefined); // it is told to whoever stops it
  return async () => {
    isRunning = false;
    await loop;
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

/** A file in, looked at and committed, and what each step took: of time, and of the processor for a thousand rows. */
async function importing(server, call, { file, truth }) {
  const meters = {};
  const step = async (name, work) => {
    const read = server.meter();
    const done = await timed(work);
    meters[name] = read(truth.rows / 1000);
    return done;
  };
  const upload = await step('upload', () => call('POST', `${base}/upload?filename=rows.csv`, createReadStream(file)));
  const source = { fileId: upload.answer.fileId, timeZone: 'UTC' };
  const preview = await step('preview', () => call('POST', `${base}/preview`, { ...source, previewLimit: 10 }));
  const { commitToken } = preview.answer;
  return {
    upload,
    preview,
    meters,
    commit: () =>
      step('commit', async () => {
        const { jobId } = await call('POST', `${base}/commit`, { ...source, commitToken });
        return ended(call, jobId);
      }),
    rollback: (batchId) =>
      step('rollback', async () => {
        const { jobId } = await call('POST', `${base}/rollback/${batchId}`);
        return ended(call, jobId);
      }),
  };
}

/** The case that comes every day: a file of moderate size in and out again. */
async function daily(stage, server, call, people) {
  const file = await aFile(stage.dataDir, { rows: DAILY_ROWS, people, seed: 12 });
  const { answer: steps, ms: totalMs } = await timed(async () => {
    const { upload, preview, commit, rollback } = await importing(server, call, file);
    const committed = await commit();
    const undone = await rollback(committed.answer.id);
    return {
      uploadMs: upload.ms,
      previewMs: preview.ms,
      commitMs: committed.ms,
      rollbackMs: undone.ms,
      counts: committed.answer.counts,
    };
  });
  const summary = path.join(os.tmpdir(), 'perf-summary.json');
  writeFileSync(summary, JSON.stringify({ rows: DAILY_ROWS, totalMs, ...steps }, null, 2));
  say(
    `${DAILY_ROWS.toLocaleString('en')} rows, previewed, committed and rolled back: ${seconds(totalMs)}; figures in ${summary}`,
  );
}

async function bench(stage, server, call, people, file) {
  const { truth } = file;
  const stopIdle = punching(call, people);
  await pause(IDLE_MS);
  const idle = await stopIdle();
  const rss = server.rssMb();
  let peak = rss;
  const look = setInterval(() => (peak = Math.max(peak, server.rssMb())), 100);
  const { upload, preview, commit, rollback, meters } = await importing(server, call, file);
  const stopBusy = punching(call, people);
  const committed = await commit();
  const busy = await stopBusy();
  const { counts, status, id } = committed.answer;
  const raw = await rawCopy(stage);
  const undone = await rollback(id);
  clearInterval(look);
  say(
    `${truth.rows} rows of ${PEOPLE} people; the truth: ${truth.punches} punches; committed: ${JSON.stringify(counts)}, ${status}`,
  );
  if (counts.create !== truth.punches) throw new Error('not the punches that the file holds');
  const parsed = await bareParser(file.file);
  const previewed = rate(preview.answer.rows, preview.ms);
  const rows = [
    ['upload', seconds(upload.ms), rate(truth.rows, upload.ms), '', ''],
    ['csv-parse alone', '', parsed, '1.00', ''],
    [`preview (${preview.answer.rows} rows)`, seconds(preview.ms), previewed, (previewed / parsed).toFixed(2), '0.6'],
    ['raw COPY of the same rows', seconds(raw.ms), rate(raw.rows, raw.ms), '1.00', ''],
    [
      'commit',
      seconds(committed.ms),
      rate(truth.rows, committed.ms),
      (rate(truth.rows, committed.ms) / rate(raw.rows, raw.ms)).toFixed(2),
      '0.4',
    ],
    ['rollback', seconds(undone.ms), rate(truth.punches, undone.ms), '', '15 s'],
  ];
  say('| | time | rows/s | ratio | target |\n|---|---|---|---|---|');
  for (const row of rows) say(`| ${row.join(' | ')} |`);
  for (const [name, cost] of Object.entries(meters)) cpuFigures(name, 'thousand rows', cost);
  figure('commit: rows/s', truth.rows / (committed.ms / 1000));
  figure('memory while importing, MB more', peak - rss);
  say(
    `RSS ${rss.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most: ${(peak - rss).toFixed(0)} MB more (target: under 150)`,
  );
  const [p99Idle, p99Busy] = [quantile(idle, 0.99), quantile(busy, 0.99)];
  say(
    `punches: p99 ${p99Idle.toFixed(1)} ms idle (p50 ${quantile(idle, 0.5).toFixed(1)}), ${p99Busy.toFixed(1)} ms while loading (p50 ${quantile(busy, 0.5).toFixed(1)}): ${(p99Busy / p99Idle).toFixed(1)} times (target: under 2)`,
  );
}

onStage(async (stage) => {
  const { token, people } = await aTenant(stage, PEOPLE);
  const file = await aFile(stage.dataDir, { rows: ROWS, people: PEOPLE, seed: 11 });
  const server = await startServer(stage, { DAY_WORKER: 'off', BODY_LIMIT_BYTES: '2000000' });
  try {
    const call = client(server, token);
    await bench(stage, server, call, people, file);
    await daily(stage, server, call, PEOPLE);
  } finally {
    await server.stop();
  }
});
