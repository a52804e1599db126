// Guarded single punches over HTTP, side by side with the same SQL work done directly against PostgreSQL, and with a bare
// Fastify POST. Everything is a ratio within this run: machines are shared and noisy. See bench/README.md.
const { spawn } = require('node:child_process');
const path = require('node:path');
const { openStage, populate, wipe, tokensFor, startServer, load, hasPgbench, personId } = require('./stage');
const { pgbenchReference } = require('./pgbench');

const quick = process.argv.includes('--quick');
const seconds = quick ? 3 : 8;
const warmupSeconds = quick ? 2 : 4;
const PORT = 4310;
const PEOPLE = 256;
/** People are numbered through: those of the one tenant, and those spread over several. */
const offsetOf = (tenants) => (tenants === 1 ? 0 : 100_000);

/** Probes while the load runs: how long does an orchestrator wait for its answer? */
function probe(url, every = 20) {
  const times = { '/health/live': [], '/ready': [] };
  const timer = setInterval(() => {
    for (const route of Object.keys(times)) {
      const started = performance.now();
      fetch(url + route).then(
        async (reply) => {
          await reply.arrayBuffer();
          times[route].push(performance.now() - started);
        },
        () => times[route].push(Infinity),
      );
    }
  }, every);
  return () => {
    clearInterval(timer);
    return Object.fromEntries(
      Object.entries(times).map(([route, list]) => [route, list.sort((a, b) => a - b)[Math.floor(list.length * 0.99)]]),
    );
  };
}

async function measure(stage, { connections, tenants, grouping = true, probing = false }) {
  await wipe(stage);
  const people = await tokensFor(stage, tenants, Math.ceil(PEOPLE / tenants), offsetOf(tenants));
  const server = await startServer(stage, PORT, grouping ? {} : { PUNCH_GROUPING: 'off' });
  const idleRssMb = server.rssMb();
  await load({ port: PORT, connections, people, seconds: warmupSeconds, warmupSeconds: 0, firstRound: 0 });
  const before = await server.metric('database_exchanges_total');
  const stored = async () =>
    (
      await stage.admin.query(
        'SELECT (SELECT count(*) FROM punches)::int punches, (SELECT count(*) FROM idempotency_keys)::int keys, (SELECT count(*) FROM audit_logs)::int entries',
      )
    ).rows[0];
  const first = await stored();
  const stopProbing = probing ? probe(server.url) : () => undefined;
  const result = await load({ port: PORT, connections, people, seconds, warmupSeconds: 0, firstRound: 100_000 });
  const probes = stopProbing();
  const exchanges = (await server.metric('database_exchanges_total')) - before;
  await server.stop();
  const last = await stored();
  const created = result.statuses['201'] ?? 0;
  const agree =
    ['punches', 'keys', 'entries'].every((table) => last[table] - first[table] === created) &&
    created === result.answered;
  return {
    ...result,
    created,
    exchanges: exchanges / created,
    agree,
    idleRssMb,
    readyAfterMs: server.readyAfterMs,
    probes,
  };
}

async function bare(connections) {
  const child = spawn(process.execPath, [path.join(__dirname, 'bare.js'), String(PORT + 1)], { stdio: 'inherit' });
  await new Promise((resolve) => setTimeout(resolve, 700));
  const people = Array.from({ length: connections }, (_, n) => ({ id: personId(n), token: 'x'.repeat(450) }));
  const result = await load({ port: PORT + 1, connections, people, seconds: quick ? 2 : 4, warmupSeconds: 1 });
  child.kill('SIGTERM');
  return result;
}

const show = (name, r) =>
  console.log(
    `${name.padEnd(40)} ${r.perSecond.toFixed(0).padStart(7)}/s` +
      (r.p50 === undefined ? '' : `  p50 ${r.p50.toFixed(2)}  p95 ${r.p95.toFixed(2)}  p99 ${r.p99.toFixed(2)} ms`) +
      (r.exchanges === undefined
        ? ''
        : `  ${r.exchanges.toFixed(3)} exchanges a punch  ${r.agree ? 'rows, keys and entries agree' : 'ROWS DISAGREE ' + JSON.stringify([r.statuses, r.firstRefusal])}`),
  );

async function main() {
  const stage = await openStage();
  const ratios = [];
  const ratio = (name, value, wanted, wantLess = false) =>
    ratios.push({ name, value: value.toFixed(2), wanted, met: wantLess ? value <= wanted : value >= wanted });
  let disagreements = 0;
  try {
    for (const tenants of [1, 10]) await populate(stage, tenants, Math.ceil(PEOPLE / tenants), offsetOf(tenants));
    const reference = hasPgbench();
    console.log(
      `Reference: ${reference ? 'pgbench -M prepared' : 'pgbench is not installed: no reference, no ratios'}; ${seconds} s each\n`,
    );
    const direct = async (connections, tenants, kind) => {
      await wipe(stage);
      const r = pgbenchReference(stage, {
        connections,
        tenants,
        people: Math.ceil(PEOPLE / tenants),
        offset: offsetOf(tenants),
        seconds,
        kind,
      });
      show(
        `pgbench, ${kind === 'same' ? 'the same statements' : 'only the rows'}, ${connections} clients, ${tenants} tenant(s)`,
        r,
      );
      return r.perSecond;
    };
    const ours = async (name, plan) => {
      const r = await measure(stage, plan);
      show(name, r);
      if (!r.agree) disagreements++;
      return r;
    };
    for (const connections of [1, 16, 64]) {
      const same = reference ? await direct(connections, 1, 'same') : NaN;
      const lean = reference ? await direct(connections, 1, 'lean') : NaN;
      const grouped = await ours(`Rollcall, ${connections} connections`, {
        connections,
        tenants: 1,
        probing: connections === 64,
      });
      const single = await ours(`Rollcall, ${connections} connections, grouping off`, {
        connections,
        tenants: 1,
        grouping: false,
      });
      const plain = await bare(connections);
      show(`bare Fastify POST, ${connections} connections`, plain);
      if (connections === 1) ratio('1 connection: p50 grouped / not grouped', grouped.p50 / single.p50, 1.05, true);
      if (connections === 16)
        ratio('16 connections: ours / pgbench, the same statements', grouped.perSecond / same, 0.45);
      if (connections === 64) {
        ratio('64 connections: ours / pgbench, the same statements', grouped.perSecond / same, 0.9);
        ratio('64 connections: ours / pgbench, only the rows', grouped.perSecond / lean, 0.9);
        ratio('64 connections: grouped / not grouped', grouped.perSecond / single.perSecond, 2.5);
        ratio('64 connections: ours / bare Fastify', grouped.perSecond / plain.perSecond, 0);
        ratio('/health/live p99 under that load, ms', grouped.probes['/health/live'], 50, true);
        ratio('/ready p99 under that load, ms', grouped.probes['/ready'], 100, true);
        ratio('start to ready on an existing database, ms', grouped.readyAfterMs, 5000, true);
        ratio('idle RSS, MB', grouped.idleRssMb, 100, true);
      }
      console.log();
    }
    const same = reference ? await direct(64, 10, 'same') : NaN;
    const lean = reference ? await direct(64, 10, 'lean') : NaN;
    const spread = await ours('Rollcall, 64 connections, 10 tenants', { connections: 64, tenants: 10 });
    ratio('64 connections, 10 tenants: ours / pgbench, the same statements', spread.perSecond / same, 0.7);
    ratio('64 connections, 10 tenants: ours / pgbench, only the rows', spread.perSecond / lean, 0.7);
  } finally {
    await stage.close();
  }
  console.log();
  console.table(ratios);
  if (disagreements > 0) throw new Error(`${disagreements} run(s) did not store exactly what was acknowledged`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
