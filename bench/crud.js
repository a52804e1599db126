// Reading and writing resources, one call after the other: what each costs of the processor, and in exchanges with the database.
const { cpuFigures, figure, say } = require('./figures');
const { sized } = require('./options');
const { client, startServer } = require('./server');
const { administrator, onStage, populate } = require('./stage');

const CALLS = sized(20, 300, 2_000);
const WARM_UP = sized(5, 300, 500);

const date = (n) => new Date(Date.UTC(2030, 0, 1 + n)).toISOString().slice(0, 10);
const kinds = [
  {
    name: 'layout',
    path: '/api/attendance/export/layouts',
    body: (n) => ({
      name: `Layout ${n}`,
      columns: [
        { heading: 'Personnel no.', value: 'employeeNumber' },
        { heading: 'Hours', value: 'amount' },
      ],
      payCodes: [{ source: '*', code: '1000' }],
    }),
    change: 'PUT',
  },
  {
    name: 'holiday',
    path: '/api/attendance/holidays',
    list: `?from=${date(0)}&to=${date(60)}&limit=50`,
    body: (n) => ({ date: date(n), name: `Holiday ${n}` }),
    change: 'PATCH',
  },
];

/** Every operation in turn; `each(what, work)` says how. */
async function cycle(call, { path, body, change, list = '?limit=50' }, each) {
  const ids = [];
  await each('create', async (n) => ids.push((await call('POST', path, body(n))).id));
  await each('read', (n) => call('GET', `${path}/${ids[n]}`));
  await each('list of 50', () => call('GET', `${path}${list}`));
  await each('change', (n) => call(change, `${path}/${ids[n]}`, { ...body(n), name: `Changed ${n}` }));
  await each('delete', (n) => call('DELETE', `${path}/${ids[n]}`));
  const { data } = await call('GET', `${path}${list}`);
  if (data.length > 0) throw new Error(`${path}: ${data.length} are left`);
}

const repeat = async (calls, work) => {
  for (let n = 0; n < calls; n++) await work(n);
};

/** Counts what CALLS calls cost, and says it for one. */
const counting = (server, name) => async (what, work) => {
  const before = await server.metric('database_exchanges_total');
  const read = server.meter();
  await repeat(CALLS, work);
  const cost = read(CALLS);
  const exchanges = ((await server.metric('database_exchanges_total')) - before) / CALLS;
  cpuFigures(`${name}, ${what}`, 'call', cost);
  say(`${name}, ${what}: ${figure(`${name}, ${what}: exchanges a call`, exchanges).toFixed(2)} exchanges`);
};

onStage(async (stage) => {
  await populate(stage, 1, 10);
  const token = await administrator(stage);
  const server = await startServer(stage, { DAY_WORKER: 'off' });
  try {
    const call = client(server, token);
    // Nobody shall be the first: code is compiled, plans are made and caches are full before anything is counted.
    for (const kind of kinds) await cycle(call, kind, (_, work) => repeat(WARM_UP, work));
    for (const kind of kinds) await cycle(call, kind, counting(server, kind.name));
  } finally {
    await server.stop();
  }
});
