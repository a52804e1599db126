// Work days: a rebuild of a month from raw punches, a late punch seen in its day while others arrive, presence and sums.
// Ratios within this run; see bench/README.md.
const { cpuFigures, figure, quantile, say, timed } = require('./figures');
const { meter } = require('./cpu');
const { FROM, TO, loadMonth, loadMorning } = require('./month');
const { sized } = require('./options');
const { client, startServer } = require('./server');
const { administrator, built, onStage, personId, populate, tenantId } = require('./stage');

const PEOPLE = sized(60, 2_000, 10_000);
const ms = (value) => `${value.toFixed(1)} ms`;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The application within this process: its services are called, so that HTTP is no part of it. */
async function openApplication(stage) {
  const { createApplication } = built('application');
  const { loadConfig } = built('config/config');
  const config = loadConfig({
    ROLLCALL_DATA_DIR: stage.dataDir,
    LOG_LEVEL: 'fatal',
    DAY_WORKER: 'off',
    DATABASE_STATEMENT_TIMEOUT_MS: '10000',
  });
  const runtime = { connectionString: stage.url('runtime') };
  const app = await createApplication(config, {
    runtime,
    embedded: false,
    description: 'bench',
    stop: () => Promise.resolve(),
  });
  await app.init();
  return app;
}

async function rebuild(stage) {
  const { DayRebuild } = built('attendance/days/day-rebuild');
  const { UnitOfWork } = built('database/unit-of-work');
  const { readInputs } = built('attendance/days/inputs');
  const { computeDays } = built('attendance/days/compute');
  const { parseDate } = built('attendance/rules/time/calendar');
  const app = await openApplication(stage);
  const [from, to] = [parseDate(FROM), parseDate(TO)];
  /** Days a second, and processor time a day of this process and of PostgreSQL. */
  const measured = async (name, work) => {
    const read = meter({ server: process.pid, postgres: stage.postgresPid });
    const { answer: days, ms: took } = await timed(work);
    const cost = read(days);
    for (const [part, value] of Object.entries(cost)) figure(`${name}: CPU µs a day, ${part}`, value);
    return { name, rate: figure(`${name}: days/s`, days / (took / 1000)), cost };
  };
  const ids = (
    await stage.admin.query('SELECT id FROM users WHERE tenant_id = $1 ORDER BY id', [tenantId(1)])
  ).rows.map((row) => row.id);
  const chunks = Array.from({ length: Math.ceil(ids.length / 250) }, (_, n) => ids.slice(n * 250, n * 250 + 250));
  const read = (chunk) =>
    app.get(UnitOfWork, { strict: false }).read(tenantId(1), (tx) =>
      readInputs(
        tx,
        chunk.map((employeeId) => ({ employeeId, from, to })),
        'exactly',
      ),
    );
  const compute = ({ people, context }) =>
    people.reduce((sum, person) => {
      computeDays(person, context);
      return sum + person.span.to - person.span.from + 1;
    }, 0);
  const sample = await read(chunks[0]);
  for (let n = 0; n < 5; n++) compute(sample);
  const service = app.get(DayRebuild, { strict: false });
  const runs = [];
  const rows = [
    await measured('the rules alone, in memory', async () => {
      let days = 0;
      for (let n = 0; n < 20; n++) days += compute(sample);
      return days;
    }),
    await measured('read from raw punches and computed', async () => {
      let days = 0;
      for (const chunk of chunks) days += compute(await read(chunk));
      return days;
    }),
  ];
  for (const name of ['read, computed and written', 'the same again: read, computed, nothing to write'])
    rows.push(await measured(name, async () => runs[runs.push(await service.run(tenantId(1), from, to)) - 1].days));
  await app.close();
  const [first, second] = runs;
  say(
    `rebuild of ${PEOPLE} people, ${FROM} to ${TO}: ${first.days} days computed, ${first.changed} written; again: ${second.changed} changed`,
  );
  if (first.changed === 0 || second.changed !== 0)
    throw new Error('a rebuild writes once, and nothing the second time');
  say('| | employee-days/s | ratio to the rules alone | CPU µs a day: Node | PostgreSQL |\n|---|---|---|---|---|');
  for (const { name, rate, cost } of rows)
    say(
      `| ${name} | ${Math.round(rate).toLocaleString('en')} | ${(rate / rows[0].rate).toFixed(2)} | ${cost.server.toFixed(0)} | ${cost.postgres.toFixed(0)} |`,
    );
}

async function reads(stage, server, call) {
  await loadMorning(stage);
  const rows = [
    ['presence', '/api/attendance/presence', 100],
    ['summary of the month by person', `/api/attendance/summary?from=${FROM}&to=${TO}&limit=1000`, 500],
    ['summary of the month by day', `/api/attendance/summary?from=${FROM}&to=${TO}&by=day`, 500],
  ];
  say('\n| read | rows | p50 | p99 | target |\n|---|---|---|---|---|');
  const costs = [];
  for (const [name, route, target] of rows) {
    for (let n = 0; n < 5; n++) await call('GET', route);
    const times = [];
    const read = server.meter();
    let answer;
    for (let n = 0; n < sized(2, 25, 25); n++) {
      const one = await timed(() => call('GET', route));
      times.push(one.ms);
      answer = one.answer;
    }
    costs.push([name, read(times.length)]);
    say(
      `| ${name} | ${answer.data.length} | ${ms(quantile(times, 0.5))} | ${ms(quantile(times, 0.99))} | ${target} ms |`,
    );
  }
  say('');
  for (const [name, cost] of costs) cpuFigures(name, 'read', cost);
}

/** 200 punches a second by others, and every 200 ms a late one whose day is asked for until it is there. */
async function late(server, call) {
  const AT = '2026-03-04T19:00:00Z';
  const punch = (employeeId, type, timestamp) =>
    call('POST', '/api/punches', { employeeId, type, timestamp, source: 'terminal' });
  const [seconds, others] = [sized(2, 10, 30), PEOPLE / 2];
  const start = Date.now() - 3_600_000;
  let [sent, failed] = [0, 0];
  const timer = setInterval(() => {
    for (let n = 0; n < 4; n++, sent++) {
      const at = new Date(start + sent * 10).toISOString();
      punch(personId(others + (sent % others)), sent % 2 === 0 ? 'in' : 'out', at).catch(() => failed++);
    }
  }, 20);
  const seen = async (person) => {
    await punch(person, 'out', AT);
    for (;;) {
      const day = await call('GET', `/api/attendance/days/${person}/2026-03-04`);
      if (day.punches.some(({ at }) => at === AT)) return;
      await pause(10);
    }
  };
  const probes = [];
  for (let n = 0; n < seconds * 5; n++) {
    probes.push(timed(() => seen(personId(n + 1))));
    await pause(200);
  }
  const times = (await Promise.all(probes)).map((probe) => probe.ms);
  clearInterval(timer);
  say(
    `\na late punch in its day, while ${Math.round(sent / seconds)} punches/s arrive (${failed} failed): p50 ${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}, longest ${ms(quantile(times, 1))} of ${times.length} (target: p99 under 1,000 ms)`,
  );
  if (failed > 0) throw new Error(`${failed} punches failed`);
}

/** A pay period is closed: everybody's month is summed and frozen, while nobody else may change a day of the tenant. */
async function close(call) {
  const period = await call('POST', '/api/pay-periods', { startDate: FROM, endDate: TO });
  const closing = await timed(() =>
    call('POST', `/api/pay-periods/${period.id}/close`, { acceptOpenExceptions: true }),
  );
  const totals = await timed(() => call('GET', `/api/pay-periods/${period.id}/totals?format=csv`));
  say(
    `\nclosing the month of ${PEOPLE} people: ${ms(figure('closing the month, ms', closing.ms))}; its totals as csv: ${ms(totals.ms)}, ${totals.answer.split('\n').length} lines`,
  );
}

/** Until the worker has computed what the punches have marked. */
async function computed(stage) {
  const marked = () => stage.admin.query('SELECT EXISTS (SELECT FROM dirty_days) AS more');
  while ((await marked()).rows[0].more) await pause(100);
}

onStage(async (stage) => {
  await populate(stage, 1, PEOPLE);
  await loadMonth(stage);
  await rebuild(stage);
  const token = await administrator(stage);
  const server = await startServer(stage);
  try {
    const call = client(server, token);
    await reads(stage, server, call);
    await late(server, call);
    await computed(stage);
    await close(call);
  } finally {
    await server.stop();
  }
});
