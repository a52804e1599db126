// Guarded single punches over HTTP, side by side with the same SQL work done directly against PostgreSQL, and with a bare
// Fastify POST. Everything is a ratio within this run: machines are shared and noisy. See bench/README.md.
const { spawn } = require('node:child_process');
const path = require('node:path');
const { cpuFigures, figure, quantile, say } = require('./figures');
const { isAlone, sized } = require('./options');
const { freePort, load, startServer } = require('./server');
const { hasPgbench, onStage, personId, populate, tokensFor, wipe } = require('./stage');
const { pgbenchReference } = require('./pgbench');

const seconds = sized(1, 3, 8);
const warmupSeconds = sized(1, 2, 4);
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
    return Object.fromEntries(Object.entries(times).map(([route, list]) => [route, quantile(list, 0.99)]));
  };
}

async function measure(stage, { connections, tenants, grouping = true, probing = false }) {
  await wipe(stage);
  const people = await tokensFor(stage, tenants, Math.ceil(PEOPLE / tenants), offsetOf(tenants));
  // Days have a bench of their own; here they would be a person's whole year of punches in one day, computed again and again.
  const environment = { DAY_WORKER: 'off', ...(grouping ? {} : { PUNCH_GROUPING: 'off' }) };
  const server = await startServer(stage, environment);
  const idleRssMb = server.rssMb();
  await load({ port: server.port, connections, people, seconds: warmupSeconds, warmupSeconds: 0, firstRound: 0 });
  const before = await server.metric('database_exchanges_total');
  const stored = async () =>
    (
      await stage.admin.query(
        'SELECT (SELECT count(*) FROM punches)::int punches, (SELECT count(*) FROM idempotency_keys)::int keys, (SELECT count(*) FROM audit_logs)::int entries',
      )
    ).rows[0];
  const first = await stored();
  const read = server.meter();
  const stopProbing = probing ? probe(server.url) : () => undefined;
  const result = await load({ port: server.port, connections, people, seconds, warmupSeconds: 0, firstRound: 2_000 });
  const probes = stopProbing();
  const cost = read(result.answered);
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
    cost,
    idleRssMb,
    readyAfterMs: server.readyAfterMs,
    readyCpuMs: server.readyCpuMs,
    probes,
  };
}

async function bare(connections) {
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(__dirname, 'bare.js'), String(port)], { stdio: 'inherit' });
  await new Promise((resolve) => setTimeout(resolve, 700));
  const people = Array.from({ length: connections }, (_, n) => ({ id: personId(n), token: 'x'.repeat(450) }));
  const result = await load({ port, connections, people, seconds: sized(1, 2, 4), warmupSeconds: 1 });
  child.kill('SIGTERM');
  return result;
}

const show = (name, r) =>
  say(
    `${name.padEnd(40)} ${r.perSecond.toFixed(0).padStart(7)}/s` +
      (r.p50 === undefined ? '' : `  p50 ${r.p50.toFixed(2)}  p95 ${r.p95.toFixed(2)}  p99 ${r.p99.toFixed(2)} ms`) +
      (r.exchanges === undefined ? '' : `  ${r.exchanges.toFixed(3)} exchanges a punch`),
  );

/** Rollcall itself. It fails when punches, keys and entries are not those that were acknowledged. */
async function ours(stage, name, plan) {
  const r = await measure(stage, plan);
  show(name, r);
  if (!r.agree) throw new Error(`not what was acknowledged: ${JSON.stringify([r.statuses, r.firstRefusal])}`);
  figure(`${name}: punches/s`, r.perSecond);
  figure(`${name}: exchanges a punch`, r.exchanges);
  cpuFigures(name, 'punch', r.cost);
  return r;
}

/** The same SQL work by pgbench; NaN where it is not there, or not asked for. */
async function direct(stage, connections, tenants, kind) {
  if (isAlone || !hasPgbench()) return NaN;
  await wipe(stage);
  const people = Math.ceil(PEOPLE / tenants);
  const transactions = sized(5, undefined, undefined);
  const plan = { connections, tenants, people, offset: offsetOf(tenants), seconds, transactions, kind };
  const r = pgbenchReference(stage, plan);
  const work = kind === 'same' ? 'the same statements' : 'only the rows';
  show(`pgbench, ${work}, ${connections} clients, ${tenants} tenant(s)`, r);
  return r.perSecond;
}

const ratios = [];
/** A line of the table at the end; what has no reference has none. */
const ratio = (name, value, wanted, isLessBetter = false) => {
  if (Number.isNaN(value)) return;
  ratios.push({ name, value: value.toFixed(2), wanted, met: isLessBetter ? value <= wanted : value >= wanted });
};

async function oneTenant(stage, connections) {
  const same = await direct(stage, connections, 1, 'same');
  const lean = await direct(stage, connections, 1, 'lean');
  const plan = { connections, tenants: 1 };
  const grouped = await ours(stage, `${connections} connections`, { ...plan, probing: connections === 64 });
  if (connections === 16) ratio('16 connections: ours / pgbench, the same statements', grouped.perSecond / same, 0.45);
  if (connections === 64) {
    ratio('64 connections: ours / pgbench, the same statements', grouped.perSecond / same, 0.9);
    ratio('64 connections: ours / pgbench, only the rows', grouped.perSecond / lean, 0.9);
    ratio('/health/live p99 under that load, ms', grouped.probes['/health/live'], 50, true);
    ratio('/ready p99 under that load, ms', grouped.probes['/ready'], 100, true);
    ratio('start to ready on an existing database, ms', figure('start to ready, ms', grouped.readyAfterMs), 5000, true);
    ratio('processor time until ready, ms', figure('start: CPU ms', grouped.readyCpuMs), 5000, true);
    ratio('idle RSS, MB', figure('idle RSS, MB', grouped.idleRssMb), 100, true);
  }
  if (isAlone) return;
  const single = await ours(stage, `${connections} connections, grouping off`, { ...plan, grouping: false });
  const plain = await bare(connections);
  show(`bare Fastify POST, ${connections} connections`, plain);
  if (connections === 1) ratio('1 connection: p50 grouped / not grouped', grouped.p50 / single.p50, 1.05, true);
  if (connections === 64) {
    ratio('64 connections: grouped / not grouped', grouped.perSecond / single.perSecond, 2.5);
    ratio('64 connections: ours / bare Fastify', grouped.perSecond / plain.perSecond, 0);
  }
}

onStage(async (stage) => {
  for (const tenants of [1, 10]) await populate(stage, tenants, Math.ceil(PEOPLE / tenants), offsetOf(tenants));
  say(`${hasPgbench() ? '' : 'pgbench is not installed: no reference, no ratios to it; '}${seconds} s each\n`);
  for (const connections of sized([64], [1, 16, 64], [1, 16, 64])) {
    await oneTenant(stage, connections);
    say('');
  }
  const same = await direct(stage, 64, 10, 'same');
  const lean = await direct(stage, 64, 10, 'lean');
  const spread = await ours(stage, '64 connections, 10 tenants', { connections: 64, tenants: 10 });
  ratio('64 connections, 10 tenants: ours / pgbench, the same statements', spread.perSecond / same, 0.7);
  ratio('64 connections, 10 tenants: ours / pgbench, only the rows', spread.perSecond / lean, 0.7);
  say('');
  console.table(ratios);
});
