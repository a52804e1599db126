// What it costs to count a statement and to hold its rows against the tenant, beside what a statement costs this process anyway. Both per
// statement, in processor time, and in the same run; a punch does more than its statements, so the share of a punch is smaller.
const { onStage, built } = require('./stage');
const { figure, say } = require('./figures');

const quick = process.argv.includes('--quick') || process.argv.includes('--smoke');
const STATEMENTS = quick ? 20_000 : 200_000;
const CALLS = quick ? 1_000_000 : 10_000_000;
const ROUNDS = 5;
const IN_FLIGHT = 16;

/** Nanoseconds of processor time a call: the least of some rounds, because neighbours only ever add. */
async function cost(calls, work) {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await work(calls);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, ((user + system) * 1000) / calls);
  }
  return least;
}

onStage(async (stage) => {
  const { DatabaseSession } = built('database/session');
  const { DatabaseMetrics } = built('metrics/instruments/database-metrics');
  const { StatementStatistics } = built('metrics/instruments/statement-statistics');
  const { TenantScope } = built('database/tenant-scope');
  const { statement } = built('database/statement');
  const { Counter, Gauge, Histogram, Registry } = require('prom-client');

  const registers = [new Registry()];
  const of = (Kind, name, labelNames = []) => new Kind({ name, help: name, labelNames, registers });
  const metrics = new DatabaseMetrics(
    of(Histogram, 'queries', ['query_type']),
    of(Counter, 'exchanges'),
    of(Gauge, 'connections', ['state']),
    of(Gauge, 'waiting'),
    of(Counter, 'timeouts'),
  );
  const session = await DatabaseSession.open({ connectionString: stage.url('runtime') }, metrics, {
    silenceMs: 60_000,
  });
  const asked = statement('bench.one', 'SELECT $1::uuid AS id, $2::text AS name, $3::uuid AS row_tenant');
  const tenant = '00000000-0000-7000-9000-000000000001';
  const sent = await cost(STATEMENTS, async (calls) => {
    for (let n = 0; n < calls; n += IN_FLIGHT)
      await Promise.all(Array.from({ length: IN_FLIGHT }, () => session.send(asked, [tenant, 'somebody', tenant])));
  });
  session.close();

  const statistics = new StatementStatistics();
  const names = Array.from({ length: 100 }, (_, n) => statement(`bench.${n}`, 'SELECT 1'));
  const counted = await cost(CALLS, (calls) => {
    for (let n = 0; n < calls; n++) statistics.add(names[n % 100], (n % 997) / 100, n);
  });
  const scope = new TenantScope(of(Counter, 'violations'));
  const bare = [{ id: tenant, name: 'somebody' }];
  const compared = await cost(CALLS, (calls) => {
    for (let n = 0; n < calls; n++) scope.assertOwn(names[n % 100], bare, [tenant]);
  });
  const page = Array.from({ length: 50 }, () => ({ id: tenant, name: 'somebody', tenant_id: tenant }));
  const compared50 = await cost(CALLS / 50, (calls) => {
    for (let n = 0; n < calls; n++) scope.assertOwn(asked, page, [tenant]);
  });

  const ns = (name, value) => say(`${name}: ${Math.round(figure(name, value)).toLocaleString('en')} ns`);
  ns('a statement, sent and answered', sent);
  ns('counting it', counted);
  ns('looking whether its rows say whose they are', compared);
  ns('holding a page of 50 rows against the tenant', compared50);
  const share = figure('share of counting and looking in a statement, %', (100 * (counted + compared)) / sent);
  say(`counting and looking are ${share.toFixed(2)} % of a statement`);
});
