// What quotas cost: a decision in the process, a punch with and without them, and a request that is counted by all replicas together.
const { cpuFigures, figure, quantile, say } = require('./figures');
const { sized } = require('./options');
const { load, startServer } = require('./server');
const { built, onStage, populate, tokensFor, wipe } = require('./stage');

const DECISIONS = sized(20_000, 300_000, 1_000_000);
const ROUNDS = sized(1, 3, 5);
const SECONDS = sized(1, 3, 6);
const ANONYMOUS = sized(100, 2_000, 5_000);
const PRINCIPALS = 1_000;
const PEOPLE = 64;
const NEIGHBOURS = 50;
/** People of the other tenant, each of whom asks for twenty times a quota. */
const NOISY = 3;
/** Nobody is refused: what is measured is the counting. */
const unlimited = {
  ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
  RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '10000000',
  RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '10000000',
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Microseconds of one decision, a thousand principals in turn: by what the process knows alone, and with the debts that it tells the others. */
async function decisions() {
  const { QuotaStore } = built('rate-limit/quota-store');
  const { CreditQuotas } = built('rate-limit/credit-quotas');
  const policy = { name: 'authenticated', limit: 10_000_000, windowMs: 60_000 };
  const reach = {
    areAway: false,
    count: (counts) => Promise.resolve(new Map(counts.map(({ key, amount }) => [key, { used: 0, granted: amount }]))),
  };
  const keys = Array.from({ length: PRINCIPALS }, (_, n) => `00000000-0000-7000-9000-000000000001-${n}`);
  const run = (quotas) => {
    const started = process.cpuUsage();
    for (let n = 0; n < DECISIONS; n++) quotas.take(policy, keys[n % PRINCIPALS]);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / DECISIONS;
  };
  const alone = [];
  const told = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const store = new QuotaStore();
    const costs = [run(new QuotaStore()), run(new CreditQuotas(store, undefined, reach))];
    if (round === 0) continue; // to warm up
    alone.push(costs[0]);
    told.push(costs[1]);
  }
  const [a, t] = [
    figure('decision alone: CPU µs', median(alone)),
    figure('decision told to others: CPU µs', median(told)),
  ];
  say(`a decision: alone ${a.toFixed(2)} µs, told to the others ${t.toFixed(2)} µs, ratio ${(t / a).toFixed(2)}`);
}

/** What a punch costs of the processor and in exchanges, with quotas and without, in turns. */
async function punches(stage) {
  const people = await tokensFor(stage, 1, PEOPLE);
  const costs = { off: [], on: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const kind of round % 2 ? ['on', 'off'] : ['off', 'on']) {
      await wipe(stage);
      const server = await startServer(stage, { DAY_WORKER: 'off', ...(kind === 'on' ? unlimited : {}) });
      const plan = { port: server.port, connections: 16, people, warmupSeconds: 0 };
      await load({ ...plan, seconds: SECONDS, firstRound: 0 });
      const before = await server.metric('database_exchanges_total');
      const read = server.meter();
      const { answered } = await load({ ...plan, seconds: SECONDS, firstRound: 2_000 });
      const cost = read(answered);
      costs[kind].push({ ...cost, exchanges: ((await server.metric('database_exchanges_total')) - before) / answered });
      await server.stop();
    }
  for (const part of ['server', 'postgres', 'exchanges']) {
    const [off, on] = ['off', 'on'].map((kind) => median(costs[kind].map((cost) => cost[part])));
    const ratio = figure(
      `punch, quotas on / off: ${part}`,
      median(costs.on.map((cost, n) => cost[part] / costs.off[n][part])),
    );
    say(`a punch, ${part}: off ${off.toFixed(3)}, on ${on.toFixed(3)}, ratio ${ratio.toFixed(3)}`);
  }
}

/** What a request without a token costs, counted in the database or not at all. */
async function anonymous(stage) {
  for (const [kind, settings] of [
    ['off', {}],
    ['on', unlimited],
  ]) {
    const server = await startServer(stage, { DAY_WORKER: 'off', ...settings });
    const ask = async () => {
      const reply = await fetch(`${server.url}/api/punches`);
      await reply.arrayBuffer();
      if (reply.status !== 401) throw new Error(`an anonymous request was answered ${reply.status}`);
    };
    const asking = (times) =>
      Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let n = 0; n < times / 16; n++) await ask();
        }),
      );
    await asking(ANONYMOUS / 2);
    const before = await server.metric('database_exchanges_total');
    const read = server.meter();
    await asking(ANONYMOUS);
    cpuFigures(`anonymous, quotas ${kind}`, 'request', read(ANONYMOUS));
    say(
      `  ${(((await server.metric('database_exchanges_total')) - before) / ANONYMOUS).toFixed(2)} exchanges a request`,
    );
    await server.stop();
  }
}

/**
 * How long a tenant waits while another one asks for twenty times its quota: reads at a steady rate, in turns alone and beside the other one. The
 * other's people ask by the clock, whatever becomes of their requests.
 */
async function neighbour(stage) {
  const quota = 120;
  const server = await startServer(stage, {
    DAY_WORKER: 'off',
    ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
    RATE_LIMIT_AUTHENTICATED_PER_MINUTE: String(quota),
  });
  const people = await tokensFor(stage, 2, 2 * NEIGHBOURS, 100_000);
  const own = people.filter((_, n) => n % 2 === 0);
  const others = people.filter((_, n) => n % 2 === 1).slice(0, NOISY);
  const refused = { count: 0, of: 0 };
  const ask = async ({ token }) => {
    const reply = await fetch(`${server.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    await reply.arrayBuffer();
    return reply.status;
  };
  const every = (ms, work) => {
    const running = [];
    const timer = setInterval(() => running.push(work(running.length)), ms);
    return () => {
      clearInterval(timer);
      return Promise.all(running);
    };
  };
  const round = async (isNoisy) => {
    const times = [];
    const stops = [
      every(20, async (n) => {
        const started = performance.now();
        if ((await ask(own[n % own.length])) === 200) times.push(performance.now() - started);
      }),
      ...(isNoisy ? others : []).map((person) =>
        every(60_000 / (20 * quota), async () => {
          refused.of++;
          if ((await ask(person)) === 429) refused.count++;
        }),
      ),
    ];
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    await Promise.all(stops.map((stop) => stop()));
    return quantile(times, 0.99);
  };
  // The others have used up what they may have at once: from here on, one in twenty of their requests is answered.
  for (const person of others) for (let n = 0; n < quota; n++) await ask(person);
  await round(false);
  const alone = [];
  const beside = [];
  for (let n = 0; n < ROUNDS; n++) {
    alone.push(await round(false));
    beside.push(await round(true));
  }
  const ratio = figure(
    'a neighbour at twenty times its quota: p99, ratio',
    median(beside.map((p99, n) => p99 / alone[n])),
  );
  say(
    `reads of a tenant: p99 alone ${median(alone).toFixed(1)} ms, beside ${NOISY} people at twenty times their quota ${median(beside).toFixed(1)} ms, ` +
      `ratio ${ratio.toFixed(2)}; ${refused.count} of their ${refused.of} requests were refused`,
  );
  await server.stop();
}

onStage(async (stage) => {
  await decisions();
  await populate(stage, 1, PEOPLE);
  await punches(stage);
  await anonymous(stage);
  await populate(stage, 2, 2 * NEIGHBOURS, 100_000);
  await neighbour(stage);
});
