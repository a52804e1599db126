// A file is uploaded, looked at, committed; the server is killed in the middle, started again, and goes on; then the batch is undone. In the
// end there is exactly what the generator says, and after the rollback exactly what was before. `--rows 1000000 --kills 1`
const { once } = require('node:events');
const { createReadStream } = require('node:fs');
const { say, timed } = require('./figures');
const { base, aTenant, aFile, ended } = require('./import-files');
const { numberOf, sized } = require('./options');
const { client, startServer } = require('./server');
const { onStage } = require('./stage');

const ROWS = numberOf('rows', sized(20_000, 100_000, 1_000_000));
const KILLS = numberOf('kills', 1);
const PEOPLE = Math.min(10_000, Math.max(100, ROWS / 100));
const started = performance.now();
const log = (line) => say(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

/** Everything that counts, in one digest each: the punches that stand, and what the days come to. */
async function stateOf(stage) {
  const digest = async (sql) =>
    (
      await stage.admin.query(
        `SELECT md5(string_agg(t.line, '' ORDER BY t.line)) AS md5, count(*)::int AS n FROM (${sql}) t`,
      )
    ).rows[0];
  return {
    punches: await digest(`SELECT p::text AS line FROM punches p WHERE status <> 'void'`),
    days: await digest(
      `SELECT concat_ws('|', employee_id, work_date, encode(content_hash, 'hex'), record, buckets, approval) AS line FROM day_records`,
    ),
    exceptions: await digest(
      `SELECT concat_ws('|', employee_id, work_date, code, anchor, status) AS line FROM attendance_exceptions WHERE status NOT IN ('cleared')`,
    ),
  };
}

async function computed(stage) {
  for (;;) {
    const { rows } = await stage.admin.query('SELECT EXISTS (SELECT FROM dirty_days) AS more');
    if (!rows[0].more) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

onStage(async (stage) => {
  const settings = { BODY_LIMIT_BYTES: '2000000', IMPORT_LEASE_MS: '5000' };
  let server;
  try {
    const { token } = await aTenant(stage, PEOPLE);
    const before = await aFile(stage.dataDir, {
      rows: Math.min(20_000, ROWS / 10),
      people: PEOPLE,
      seed: 5,
      from: '2025-11-01',
    });
    const file = await aFile(stage.dataDir, { rows: ROWS, people: PEOPLE, seed: 11 });
    server = await startServer(stage, settings);
    let call = client(server, token);
    const load = async ({ file: name }) => {
      const { fileId, bytes } = await call('POST', `${base}/upload?filename=rows.csv`, createReadStream(name));
      const { answer: preview, ms } = await timed(() =>
        call('POST', `${base}/preview`, { fileId, timeZone: 'UTC', previewLimit: 5 }),
      );
      log(
        `uploaded ${bytes} bytes; the preview of ${preview.rows} rows took ${(ms / 1000).toFixed(1)} s: ${JSON.stringify(preview.counts)}`,
      );
      return call('POST', `${base}/commit`, { fileId, timeZone: 'UTC', commitToken: preview.commitToken });
    };
    await ended(call, (await load(before)).jobId);
    await computed(stage);
    const then = await stateOf(stage);
    log(`before: ${then.punches.n} punches, ${then.days.n} days, ${then.exceptions.n} exceptions`);

    const { jobId, batchId } = await load(file);
    for (let kill = 1; kill <= KILLS; kill++) {
      const goal = (ROWS * kill) / (KILLS + 1);
      for (;;) {
        const job = await call('GET', `${base}/jobs/${jobId}`);
        if (job.status === 'completed') throw new Error('It was over before it was killed');
        if (job.progress.done >= goal) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const exit = once(server.child, 'exit');
      server.child.kill('SIGKILL');
      await exit;
      const { rows } = await stage.admin.query('SELECT rows_done, created_count FROM import_batches WHERE id = $1', [
        batchId,
      ]);
      const stored = await stage.admin.query('SELECT count(*) AS n FROM punches WHERE import_batch_id = $1', [batchId]);
      log(
        `kill -9 behind row ${rows[0].rows_done}; ${stored.rows[0].n} punches stored, ${rows[0].created_count} counted`,
      );
      if (stored.rows[0].n !== rows[0].created_count) throw new Error('A chunk is half there');
      server = await startServer(stage, settings);
      call = client(server, token);
      log('started again');
    }
    const job = await ended(call, jobId);
    log(`${job.status}: ${JSON.stringify(job.counts)}`);
    log(`the truth of the generator: ${file.truth.rows} rows, ${file.truth.punches} punches`);
    const { rows: stored } = await stage.admin.query(
      'SELECT count(*)::int AS n, count(DISTINCT (employee_id, type, occurred_at))::int AS d FROM punches WHERE import_batch_id = $1',
      [batchId],
    );
    log(`stored: ${stored[0].n} punches, ${stored[0].d} different ones`);
    if (stored[0].n !== file.truth.punches || stored[0].d !== file.truth.punches)
      throw new Error('A punch is there twice, or is missing');
    await computed(stage);
    log('days computed');
    const undone = await timed(async () => {
      const { jobId: undo } = await call('POST', `${base}/rollback/${batchId}`);
      return ended(call, undo);
    });
    log(`${undone.answer.status} in ${(undone.ms / 1000).toFixed(1)} s`);
    await computed(stage);
    const now = await stateOf(stage);
    log(`after: ${now.punches.n} punches, ${now.days.n} days, ${now.exceptions.n} exceptions`);
    const isSame = JSON.stringify(now) === JSON.stringify(then);
    log(`the same bytes as before: ${isSame}`);
    if (!isSame) throw new Error(JSON.stringify({ then, now }));
  } finally {
    await server?.stop();
  }
});
