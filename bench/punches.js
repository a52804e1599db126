// Guarded single punches over HTTP, side by side with the same SQL work done directly against PostgreSQL. See bench/README.md.
const { openStage, populate, wipe, tokensFor, startServer, load } = require('./stage');
const { pgbenchReference } = require('./pgbench');

const quick = process.argv.includes('--quick');
const only = process.argv.find((a) => a.startsWith('--only='))?.slice(7);
const seconds = quick ? 3 : 8;

async function measure(stage, label, { connections, tenants, environment, port }) {
  await wipe(stage);
  const people = await tokensFor(stage, tenants, Math.ceil(4000 / tenants));
  const server = await startServer(stage, port, environment);
  const before = await server.metric('database_exchanges_total');
  const result = await load({ port, connections, people, seconds, warmupSeconds: quick ? 1 : 3 });
  const exchanges = (await server.metric('database_exchanges_total')) - before;
  const rss = server.rssMb();
  await new Promise((resolve) => setTimeout(resolve, 700));
  await server.stop();
  const created = result.statuses['201'] ?? 0;
  const [counts] = (
    await stage.admin.query(
      'SELECT (SELECT count(*) FROM punches) p, (SELECT count(*) FROM idempotency_keys) k, (SELECT count(*) FROM audit_logs) a, (SELECT count(*) FROM operation_logs) o',
    )
  ).rows;
  const agree = Number(counts.p) === created && Number(counts.k) === created && Number(counts.a) === created;
  const row = {
    label,
    connections,
    tenants,
    perSecond: result.perSecond,
    p50: result.p50,
    p95: result.p95,
    p99: result.p99,
    exchangesPerPunch: exchanges / created,
    rss,
    agree,
    statuses: result.statuses,
    trail: Number(counts.o),
  };
  if (!agree || result.firstRefusal)
    console.error('  disagreement', counts, result.statuses, result.firstRefusal ?? '');
  console.log(
    `${label.padEnd(34)} ${String(connections).padStart(4)} conn ${row.perSecond.toFixed(0).padStart(7)}/s  p50 ${row.p50.toFixed(2)} p95 ${row.p95.toFixed(2)} p99 ${row.p99.toFixed(2)} ms  ${row.exchangesPerPunch.toFixed(3)} exchanges/punch  ${agree ? 'counts agree' : 'COUNTS DIFFER'}  rss ${rss.toFixed(0)} MB`,
  );
  return row;
}

async function main() {
  const stage = await openStage();
  try {
    await populate(stage, 1, 4000);
    const plans = [];
    for (const connections of [1, 16, 64]) {
      plans.push(['one tenant, grouped', { connections, tenants: 1, environment: {}, port: 4310 }]);
      plans.push([
        'one tenant, grouping off',
        { connections, tenants: 1, environment: { PUNCH_GROUPING: 'off' }, port: 4310 },
      ]);
    }
    const chosen = only ? plans.filter(([, p]) => String(p.connections) === only) : plans;
    for (const connections of only ? [Number(only)] : [1, 16, 64]) {
      await wipe(stage);
      for (const kind of ['same', 'lean']) {
        await wipe(stage);
        const r = pgbenchReference(stage, { connections, tenants: 1, people: 4000, seconds, kind });
        console.log(
          `pgbench, ${kind === 'same' ? 'the same statements' : 'only the rows'}`.padEnd(34),
          `${String(connections).padStart(4)} conn ${r.perSecond.toFixed(0).padStart(7)}/s  mean ${r.latencyMs.toFixed(2)} ms`,
        );
      }
    }
    for (const [label, plan] of chosen) await measure(stage, label, plan);
  } finally {
    await stage.close();
  }
}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
