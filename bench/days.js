// Work days: a rebuild of a month from raw punches, a late punch seen in its day while others arrive, presence and sums.
// Ratios within this run; see bench/README.md.
const { openStage, populate, tokensFor, startServer, tenantId, personId, built } = require('./stage');

const quick = process.argv.includes('--quick');
const PEOPLE = quick ? 2_000 : 10_000;
const PORT = 4320;
const FROM = '2026-03-01';
const TO = '2026-03-31';

const say = (line) => process.stdout.write(`${line}\n`);
const quantile = (times, q) =>
  times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))] ?? NaN;
const ms = (value) => `${value.toFixed(1)} ms`;

/** 22 working days of four punches each, with planned shifts for everybody. */
async function aMonth(stage) {
  await stage.admin.query(`SET session_replication_role = replica`); // loading, not recording: no marks
  await stage.admin.query(
    `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
     SELECT $1, gen_random_uuid(), u.id, k.type, d + k.at + (hashtext(u.id::text || d::text) % 600) * interval '1 second', now(), 0, 'import', '{}', u.id
     FROM users u CROSS JOIN generate_series($2::timestamptz, $3::timestamptz, interval '1 day') d
     CROSS JOIN (VALUES ('in', interval '8 hours'), ('break_start', interval '12 hours'), ('break_end', interval '12 hours 30 minutes'), ('out', interval '16 hours 45 minutes')) k (type, at)
     WHERE u.tenant_id = $1 AND extract(isodow FROM d) < 6`,
    [tenantId(1), `${FROM}T00:00:00Z`, `${TO}T00:00:00Z`],
  );
  await stage.admin.query(
    `WITH plan AS (INSERT INTO schedules (tenant_id, employee_id, name, start_date, created_by) SELECT tenant_id, id, 'plan', $2, id FROM users WHERE tenant_id = $1 RETURNING id, employee_id)
     INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments, local_start, local_end, break_seconds)
     SELECT $1, plan.employee_id, plan.id, plan.id, d::date, d + interval '8 hours', d + interval '16 hours 30 minutes', d + interval '7 hours', d + interval '18 hours 30 minutes',
       ARRAY[extract(epoch FROM d + interval '8 hours'), extract(epoch FROM d + interval '16 hours 30 minutes')]::bigint[], d::date || 'T08:00', d::date || 'T16:30', 0
     FROM plan CROSS JOIN generate_series($2::timestamptz, $3::timestamptz, interval '1 day') d WHERE extract(isodow FROM d) < 6`,
    [tenantId(1), `${FROM}T00:00:00Z`, `${TO}T00:00:00Z`],
  );
  await stage.admin.query(`SET session_replication_role = DEFAULT`);
  await stage.admin.query(
    `INSERT INTO attendance_policies (tenant_id, name, effective_from, settings, created_by)
     VALUES ($1, 'US', '2020-01-01', '{"overtime":{"rules":"US"},"minDailyRestMinutes":660}', $1)`,
    [tenantId(1)],
  );
  await stage.admin.query('VACUUM ANALYZE');
}

async function rebuild(stage) {
  const { createApplication } = built('application');
  const { loadConfig } = built('config/config');
  const { DayRebuild } = built('attendance/days/day-rebuild');
  const { UnitOfWork } = built('database/unit-of-work');
  const { readInputs } = built('attendance/days/inputs');
  const { computeDays } = built('attendance/days/compute');
  const { parseDate } = built('attendance/rules/time/calendar');
  const config = loadConfig({
    ROLLCALL_DATA_DIR: stage.dataDir,
    LOG_LEVEL: 'fatal',
    DAY_WORKER: 'off',
    DATABASE_STATEMENT_TIMEOUT_MS: '10000',
  });
  const access = {
    runtime: { connectionString: stage.url('runtime') },
    embedded: false,
    description: 'bench',
    stop: () => Promise.resolve(),
  };
  const app = await createApplication(config, access);
  await app.init();
  const [from, to] = [parseDate(FROM), parseDate(TO)];
  const timed = async (work) => {
    const started = performance.now();
    const days = await work();
    return days / ((performance.now() - started) / 1000);
  };
  const ids = (
    await stage.admin.query('SELECT id FROM users WHERE tenant_id = $1 ORDER BY id', [tenantId(1)])
  ).rows.map((r) => r.id);
  const chunks = Array.from({ length: Math.ceil(ids.length / 250) }, (_, n) => ids.slice(n * 250, n * 250 + 250));
  const read = (chunk) =>
    app.get(UnitOfWork, { strict: false }).read(tenantId(1), (tx) =>
      readInputs(
        tx,
        chunk.map((employeeId) => ({ employeeId, from, to })),
        'exactly',
      ),
    );
  const sample = await read(chunks[0]);
  const compute = ({ people, circumstances }) =>
    people.reduce((sum, person) => {
      computeDays(person, circumstances);
      return sum + person.span.to - person.span.from + 1;
    }, 0);
  for (let n = 0; n < 5; n++) compute(sample);
  const engine = await timed(async () => {
    let days = 0;
    for (let n = 0; n < 20; n++) days += compute(sample);
    return days;
  });
  const reading = await timed(async () => {
    let days = 0;
    for (const chunk of chunks) days += compute(await read(chunk));
    return days;
  });
  const service = app.get(DayRebuild, { strict: false });
  let first;
  const whole = await timed(async () => (first = await service.run(tenantId(1), from, to)).days);
  let second;
  const again = await timed(async () => (second = await service.run(tenantId(1), from, to)).days);
  await app.close();
  say(
    `rebuild of ${PEOPLE} people, ${FROM} to ${TO}: ${first.days} days computed, ${first.changed} written; again: ${second.changed} changed`,
  );
  say('| | employee-days/s | ratio to the rules alone |\n|---|---|---|');
  for (const [name, rate] of [
    ['the rules alone, in memory', engine],
    ['read from raw punches and computed', reading],
    ['read, computed and written', whole],
    ['the same again: read, computed, nothing to write', again],
  ])
    say(`| ${name} | ${Math.round(rate).toLocaleString('en')} | ${(rate / engine).toFixed(2)} |`);
}

async function get(server, token, route) {
  const started = performance.now();
  const reply = await fetch(server.url + route, { headers: { authorization: `Bearer ${token}` } });
  const body = await reply.text();
  if (!reply.ok) throw new Error(`${route}: ${reply.status} ${body.slice(0, 200)}`);
  return { took: performance.now() - started, body };
}

async function reads(stage, server, admin) {
  // Half of the people are in now, and a fifth has a shift to be late for.
  await stage.admin.query(`SET session_replication_role = replica`);
  await stage.admin.query(
    `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
     SELECT tenant_id, gen_random_uuid(), id, 'in', now() - interval '2 hours', now(), 0, 'import', '{}', id FROM users WHERE tenant_id = $1 AND hashtext(id::text) % 2 = 0`,
    [tenantId(1)],
  );
  await stage.admin.query(
    `INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments, local_start, local_end, break_seconds)
     SELECT s.tenant_id, s.employee_id, s.id, s.id, now()::date, now() - interval '1 hour', now() + interval '7 hours', now() - interval '3 hours', now() + interval '9 hours', '{0,1}', '', '', 0
     FROM schedules s WHERE s.tenant_id = $1`,
    [tenantId(1)],
  );
  await stage.admin.query(`SET session_replication_role = DEFAULT`);
  await stage.admin.query('ANALYZE punches, shift_instances, day_records');
  const rows = [
    ['presence', '/api/attendance/presence', 100],
    ['summary of the month by person, 1,000 people', `/api/attendance/summary?from=${FROM}&to=${TO}&limit=1000`, 500],
    ['summary of the month by day', `/api/attendance/summary?from=${FROM}&to=${TO}&by=day`, 500],
  ];
  say('\n| read | rows | p50 | p99 | target |\n|---|---|---|---|---|');
  for (const [name, route, target] of rows) {
    const times = [];
    let rows = 0;
    for (let n = 0; n < 30; n++) {
      const { took, body } = await get(server, admin, route);
      if (n >= 5) times.push(took);
      rows = JSON.parse(body).data.length;
    }
    say(`| ${name} | ${rows} | ${ms(quantile(times, 0.5))} | ${ms(quantile(times, 0.99))} | ${target} ms |`);
  }
}

/** A pay period is closed: everybody's month is summed and frozen, while nobody else may change a day of the tenant. */
async function close(server, admin) {
  const post = async (route, body) => {
    const started = performance.now();
    const reply = await fetch(server.url + route, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${route}: ${reply.status} ${JSON.stringify(answer)}`);
    return { answer, took: performance.now() - started };
  };
  const { answer } = await post('/api/pay-periods', { startDate: FROM, endDate: TO });
  const { took } = await post(`/api/pay-periods/${answer.id}/close`, { acceptOpenExceptions: true });
  const totals = await get(server, admin, `/api/pay-periods/${answer.id}/totals?format=csv`);
  say(
    `\nclosing the month of ${PEOPLE} people: ${ms(took)}; its totals as csv: ${ms(totals.took)}, ${totals.body.split('\n').length} lines`,
  );
}

/** 200 punches a second by others, and every 200 ms a late one whose day is asked for until it is there. */
async function late(stage, server, people, admin) {
  const punch = (person, type, timestamp, source = 'terminal') =>
    fetch(`${server.url}/api/punches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ employeeId: person.id, type, timestamp, source }),
    }).then(async (reply) => {
      const text = await reply.text();
      if (reply.status !== 201) throw new Error(`${reply.status} ${text}`);
    });
  const others = people.slice(PEOPLE / 2);
  let sent = 0;
  let failed = 0;
  const start = Date.now() - 3_600_000;
  const timer = setInterval(() => {
    for (let n = 0; n < 4; n++, sent++) {
      const person = others[sent % others.length];
      punch(person, sent % 2 === 0 ? 'in' : 'out', new Date(start + sent * 10).toISOString()).catch(() => failed++);
    }
  }, 20);
  const times = [];
  const seconds = quick ? 10 : 30;
  const probes = [];
  for (let n = 0; n < seconds * 5; n++) {
    const person = people[n];
    probes.push(
      (async () => {
        const started = performance.now();
        await punch(person, 'out', '2026-03-04T19:00:00Z');
        for (;;) {
          const { body } = await get(server, admin, `/api/attendance/days/${person.id}/2026-03-04`);
          if (
            JSON.parse(body).lastOut === '2026-03-04T19:00:00Z' ||
            JSON.parse(body).punches.some((p) => p.at === '2026-03-04T19:00:00Z')
          )
            break;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        times.push(performance.now() - started);
      })(),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await Promise.all(probes);
  clearInterval(timer);
  say(
    `\na late punch in its day, while ${Math.round(sent / seconds)} punches/s arrive (${failed} failed): p50 ${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}, longest ${ms(quantile(times, 1))} of ${times.length} (target: p99 under 1,000 ms)`,
  );
}

async function main() {
  const stage = await openStage();
  try {
    await populate(stage, 1, PEOPLE);
    await aMonth(stage);
    await rebuild(stage);
    await stage.admin.query(
      `INSERT INTO user_roles (tenant_id, user_id, role) VALUES ($1, $2, 'admin') ON CONFLICT DO NOTHING`,
      [tenantId(1), personId(0)],
    );
    const people = await tokensFor(stage, 1, PEOPLE);
    const server = await startServer(stage, PORT);
    try {
      await reads(stage, server, people[0].token);
      await late(stage, server, people, people[0].token);
      await new Promise((resolve) => setTimeout(resolve, 2000)); // the worker catches up
      await close(server, people[0].token);
    } finally {
      await server.stop();
    }
  } finally {
    await stage.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
