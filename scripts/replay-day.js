#!/usr/bin/env node
// Replays a noisy day of a workforce against a running server, and compares what is stored with what must be stored, to the last
// row. See docs/replay.md. Exit code 0: everything agrees.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { makeDay, truthOf } = require('./replay/day');
const { Caller } = require('./replay/caller');

const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: `http://localhost:${process.env.PORT ?? 3000}` },
    people: { type: 'string', default: '200' },
    seed: { type: 'string', default: '42' },
    twice: { type: 'string', default: '0.5' },
    cut: { type: 'string', default: '0.2' },
    date: { type: 'string', default: yesterday },
    email: { type: 'string', default: 'admin@acme.test' },
    password: { type: 'string' },
  },
});

function demoPassword() {
  if (values.password) return values.password;
  if (process.env.DEMO_PASSWORD) return process.env.DEMO_PASSWORD;
  try {
    return readFileSync(path.join(process.env.ROLLCALL_DATA_DIR ?? './.data', 'demo-password'), 'utf8').trim();
  } catch {
    throw new Error('Which password? Give --password, or set DEMO_PASSWORD.');
  }
}

const quiet = { chance: () => 1, twice: 0, cut: 0, counts: {} };
const ok = (reply, what) => {
  if (reply.status >= 300) throw new Error(`${what}: ${reply.status} ${reply.text}`);
  return reply.body;
};

async function signIn(email, password) {
  const reply = await new Caller(values.url, undefined, quiet).until('POST', '/api/auth/login', { email, password });
  return ok(reply, `Signing in as ${email}`).token;
}

/** People by employee number: those of an earlier run are used again. */
async function workforce(admin, count, password) {
  const numbers = Array.from({ length: count }, (_, n) => `R${String(n + 1).padStart(4, '0')}`);
  const kiosks = ['kiosk-a', 'kiosk-b'];
  for (const name of kiosks) {
    const body = { email: `${name}@acme.test`, name, role: 'admin', password };
    const reply = await admin.until('POST', '/api/users', body, `replay-${name}-${Date.now()}`);
    if (reply.status !== 201 && reply.body.code !== 'email_taken') ok(reply, `Making ${name}`);
  }
  const found = ok(
    await admin.until('POST', '/api/attendance-admin/users/batch/resolve', { employeeNumbers: numbers }),
    'Looking for people',
  ).resolved;
  const ids = new Map(found.map((person) => [person.employeeNumber, person.id]));
  for (const number of numbers.filter((wanted) => !ids.has(wanted))) {
    const body = { name: `Replay ${number}`, role: 'employee', employeeNumber: number };
    ids.set(
      number,
      ok(await admin.until('POST', '/api/users', body, `replay-person-${number}`), `Making ${number}`).id,
    );
  }
  return numbers.map((number) => ({ id: ids.get(number) }));
}

async function pages(admin, start) {
  const rows = [];
  for (let cursor; ;) {
    const page = ok(
      await admin.get(`${start}&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`),
      'Reading back',
    );
    rows.push(...page.data);
    cursor = page.nextCursor;
    if (!cursor) return rows;
  }
}

async function metric(admin, name) {
  const { text } = await admin.get('/metrics');
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Tells the day: kiosk A person by person, kiosk B its backlog in batches. Answers how often each outcome was seen. */
async function tell(day, kioskA, kioskB, run) {
  const outcomes = {};
  const differences = [];
  const seen = (outcome, expected, what) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (outcome !== expected && !(outcome === 'duplicate' && expected === 'recorded'))
      differences.push(`${what}: expected ${expected}, was ${outcome}`);
  };
  const queue = day.live.map((punches, person) => ({ punches, person }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      for (const [index, { employeeId, type, at, expect }] of next.punches.entries()) {
        const body = { employeeId, type, timestamp: new Date(at).toISOString(), source: 'kiosk', deviceId: 'kiosk-a' };
        const reply = await kioskA.write('/api/punches', body, `${run}-a-${next.person}-${index}`);
        seen({ 200: 'duplicate', 201: 'recorded' }[reply.status] ?? reply.body.code, expect, JSON.stringify(body));
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  for (let from = 0; from < day.backlog.length; from += 100) {
    const part = day.backlog.slice(from, from + 100);
    const punches = part.map(({ employeeId, type, at }, index) => ({
      employeeId,
      type,
      timestamp: new Date(at).toISOString(),
      deviceId: 'kiosk-b',
      clientPunchId: `${run}-b-${from + index}`,
    }));
    const { results } = ok(await kioskB.write('/api/punches/batch', { punches }, `${run}-b-${from}`), 'A batch');
    results.forEach((result, index) =>
      seen(
        result.status === 'created' ? 'recorded' : (result.code ?? result.status),
        part[index].expect,
        JSON.stringify(punches[index]),
      ),
    );
  }
  return { outcomes, differences };
}

async function main() {
  const password = demoPassword();
  const admin = new Caller(values.url, await signIn(values.email, password), quiet);
  const employees = await workforce(admin, Number(values.people), password);
  const mine = new Set(employees.map(({ id }) => id));
  const day = makeDay(employees, values.date, Number(values.seed));
  const chaos = {
    chance: day.chance,
    twice: Number(values.twice),
    cut: Number(values.cut),
    counts: { told: 0, repeated: 0, cut: 0 },
  };
  const [kioskA, kioskB] = await Promise.all(
    ['kiosk-a', 'kiosk-b'].map(
      async (name) => new Caller(values.url, await signIn(`${name}@acme.test`, password), chaos),
    ),
  );
  const dayList = `/api/punches?from=${values.date}T00:00:00Z&to=${values.date}T23:59:59Z`;
  const stored = async () => (await pages(admin, dayList)).filter((punch) => mine.has(punch.employeeId));
  const before = (await stored()).length;
  const counted = {
    punches: await metric(admin, 'punches_recorded_total'),
    entries: await metric(admin, 'audit_entries_total'),
  };

  const started = Date.now();
  const { outcomes, differences } = await tell(day, kioskA, kioskB, `replay-${values.date}-${values.seed}`);
  const seconds = (Date.now() - started) / 1000;

  const truth = truthOf(day);
  const rows = await stored();
  const are = rows.map(({ employeeId, type, occurredAt }) => `${employeeId} ${type} ${occurredAt}`).sort();
  const missing = truth.filter((row) => !are.includes(row));
  const extra = are.filter((row) => !truth.includes(row));
  const entries = (await pages(admin, '/api/audit-logs?entity=punch&action=create')).filter((entry) =>
    rows.some((row) => row.id === entry.punchId),
  );
  const moved = {
    punches: (await metric(admin, 'punches_recorded_total')) - counted.punches,
    entries: (await metric(admin, 'audit_entries_total')) - counted.entries,
  };
  const fresh = rows.length - before;
  const checks = [
    ['every answer is the one that the rules demand', differences.length === 0, differences],
    [
      'the punches are those of the day, to the last row',
      missing.length === 0 && extra.length === 0 && are.length === truth.length,
      [...missing.map((row) => `missing ${row}`), ...extra.map((row) => `too many ${row}`)],
    ],
    [
      'each punch has one entry in the ledger',
      entries.length === rows.length && new Set(entries.map((entry) => entry.punchId)).size === rows.length,
      [`${entries.length} entries, ${rows.length} punches`],
    ],
    [
      'the metrics moved by exactly the new punches',
      moved.punches === fresh && moved.entries === fresh,
      [`punches ${moved.punches}, entries ${moved.entries}, new rows ${fresh}`],
    ],
  ];
  console.log(
    `A day of ${employees.length} people on ${values.date}, seed ${values.seed}: ${chaos.counts.told} requests, ${chaos.counts.repeated} of them sent twice, ${chaos.counts.cut} cut off, in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `Answers: ${Object.entries(outcomes)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
  );
  console.log(
    `Stored: ${rows.length} punches (${fresh} new), ${entries.length} ledger entries; expected ${truth.length}`,
  );
  for (const [name, agrees, details] of checks) {
    console.log(`${agrees ? 'agree ' : 'DIFFER'}  ${name}`);
    if (!agrees) details.slice(0, 5).forEach((detail) => console.log(`          ${detail}`));
  }
  process.exit(checks.every(([, agrees]) => agrees) ? 0 : 1);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
