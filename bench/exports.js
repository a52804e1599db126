// A million punches out as csv beside COPY TO STDOUT of the same table in the same run, the first byte, and what the server's memory
// grows by. `--quick`: 100,000. See bench/README.md.
const { Client } = require('pg');
const http = require('node:http');
const { cpuFigures, figure, say } = require('./figures');
const { sized } = require('./options');
const { startServer } = require('./server');
const { administrator, onStage, populate, tenantId } = require('./stage');

const ROWS = sized(2_000, 100_000, 1_000_000);
const PEOPLE = sized(100, 1_000, 5_000);
const ROUNDS = sized(1, 3, 3);
const best = (times) => times.reduce((a, b) => Math.min(a, b), Infinity);

async function punches(stage) {
  await stage.admin.query(`SET session_replication_role = replica`); // loading, not recording: no marks
  await stage.admin.query(
    `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, device_id, flags, created_by)
     SELECT $1, gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad((n % $3::int)::text, 12, '0'))::uuid,
       CASE n / $3::int % 2 WHEN 0 THEN 'in' ELSE 'out' END, '2026-01-01T08:00:00Z'::timestamptz + n / $3::int * interval '4 hours' + n % 3600 * interval '1 second',
       now(), 0, 'terminal', 'gate-' || n % 20, '{}', $1 FROM generate_series(0, $2::int - 1) n`,
    [tenantId(1), ROWS, PEOPLE],
  );
  await stage.admin.query(`SET session_replication_role = DEFAULT`);
  await stage.admin.query(
    `UPDATE users SET employee_number = lpad(right(id::text, 6), 8, '0'), time_zone = 'Europe/Berlin'`,
  );
  await stage.admin.query('DELETE FROM time_zone_history');
  await stage.admin.query('VACUUM ANALYZE');
}

/** Reads an answer and throws it away: when its first byte came, when its last, how many bytes and lines. */
function download(server, token, query) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get(
      `${server.url}/api/attendance/export?${query}`,
      { headers: { authorization: `Bearer ${token}` } },
      (reply) => {
        let [first, bytes, lines] = [0, 0, 0];
        reply.on('data', (chunk) => {
          first ||= performance.now() - started;
          bytes += chunk.length;
          for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
        });
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({ status: reply.statusCode, first, took: performance.now() - started, bytes, lines }),
        );
      },
    );
    request.on('error', reject);
  });
}

/** COPY TO STDOUT over one connection of its own, its bytes thrown away as they come. */
async function copy(stage) {
  const client = new Client({ connectionString: stage.postgres.superuserUrl('bench') });
  await client.connect();
  const started = performance.now();
  let bytes = 0;
  await new Promise((resolve, reject) => {
    client.query({
      submit: (connection) => connection.query('COPY punches TO STDOUT'),
      handleCopyData: ({ chunk }) => (bytes += chunk.length),
      handleCommandComplete: () => undefined,
      handleReadyForQuery: resolve,
      handleError: reject,
    });
  });
  const took = performance.now() - started;
  await client.end();
  if (bytes < ROWS * 100) throw new Error('COPY did not copy');
  return { took, bytes };
}

onStage(async (stage) => {
  await populate(stage, 1, PEOPLE);
  await punches(stage);
  const token = await administrator(stage);
  const server = await startServer(stage);
  let watch;
  try {
    await download(server, token, 'kind=punches&to=2026-01-02');
    const before = server.rssMb();
    let highest = before;
    watch = setInterval(() => (highest = Math.max(highest, server.rssMb())), 50);
    const [raw, firsts, took] = [[], [], { csv: [], ndjson: [], xlsx: [] }];
    let size = {};
    const cost = { server: [], postgres: [] };
    for (let round = 0; round < ROUNDS; round++) {
      raw.push((await copy(stage)).took);
      const read = server.meter();
      const { status, lines, first, bytes, took: time } = await download(server, token, 'kind=punches');
      for (const [part, value] of Object.entries(read(ROWS / 1000))) cost[part].push(value);
      if (status !== 200 || lines !== ROWS + 1) throw new Error(`the export is not whole: ${status}, ${lines} lines`);
      took.csv.push(time);
      firsts.push(first);
      size = { bytes };
    }
    const csvHighest = highest;
    cpuFigures('export as csv', 'thousand rows', { server: best(cost.server), postgres: best(cost.postgres) });
    const ndjson = await download(server, token, 'kind=punches&format=ndjson');
    const xlsx = await download(server, token, 'kind=punches&format=xlsx');
    const perSecond = (time) => ROWS / (time / 1000);
    const rate = (time) => Math.round(perSecond(time)).toLocaleString('en');
    figure('export as csv: rows/s', perSecond(best(took.csv)));
    figure('export as csv: memory of the server at most, MB', csvHighest);
    const reference = best(raw);
    say(
      `export of ${ROWS.toLocaleString('en')} punches of ${PEOPLE.toLocaleString('en')} people, ${Math.round(size.bytes / 1e6)} MB as csv; best of ${ROUNDS}`,
    );
    say('| | rows/s | ratio to COPY TO STDOUT | first byte |\n|---|---|---|---|');
    say(`| COPY punches TO STDOUT | ${rate(reference)} | 1.00 | |`);
    say(
      `| csv (target: 0.5, first byte under 200 ms) | ${rate(best(took.csv))} | ${(reference / best(took.csv)).toFixed(2)} | ${Math.max(...firsts).toFixed(0)} ms |`,
    );
    say(`| ndjson | ${rate(ndjson.took)} | ${(reference / ndjson.took).toFixed(2)} | ${ndjson.first.toFixed(0)} ms |`);
    say(`| xlsx | ${rate(xlsx.took)} | ${(reference / xlsx.took).toFixed(2)} | ${xlsx.first.toFixed(0)} ms |`);
    say(
      `\nmemory of the server: ${before.toFixed(0)} MB before, ${csvHighest.toFixed(0)} MB at most with csv, ${highest.toFixed(0)} MB with all formats`,
    );
  } finally {
    clearInterval(watch);
    await server.stop();
  }
});
