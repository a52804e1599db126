import { aKey } from '../support/client';
import { lockedPerson, untilWaiting } from '../support/faults';
import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import { until } from '../support/until';
import type { Person } from '../support/world';

const path = '/api/admin/monitoring';
const { server, tenant: acme } = tenantForFile({ SLOW_QUERY_MS: '20' }, startServer);
let operator: Person;
beforeAll(async () => {
  operator = await server.world.operator();
});

const asked = async (what: string, query: Record<string, string | number> = {}) => {
  const { status, body } = await operator.api.get(`${path}/${what}`, { query });
  expect([what, status]).toEqual([what, 200]);
  return body;
};
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
const executed = {
  query: expect.any(String) as string,
  duration: expect.any(Number) as number,
  timestamp,
  isSlow: expect.any(Boolean) as boolean,
};
const punchOf = (person: Person) =>
  person.api.post('/api/punches', { employeeId: person.id, type: 'in' }, { key: aKey() });

describe('monitoring, for operators', () => {
  it('MON-01: says what the statements of this process took, and how the database is', async () => {
    await punchOf(acme.employee);
    const stats = await asked('stats');
    expect(stats).toMatchObject({ source: 'driver', since: timestamp, slowQueryMs: 20, workers: expect.any(Array) });
    expect(stats.totalQueries).toBeGreaterThan(10);
    expect(stats.minDuration).toBeGreaterThan(0);
    expect(stats.averageDuration).toBeGreaterThanOrEqual(stats.minDuration);
    expect(stats.maxDuration).toBeGreaterThanOrEqual(stats.averageDuration);
    expect(stats.lastQueries.length).toBeLessThanOrEqual(20);
    expect(stats.lastQueries[0]).toMatchObject(executed);
    expect(stats.pool).toEqual({ used: expect.any(Number), free: expect.any(Number), max: 10, waiting: 0 });
    const { connections, tables, indexes } = stats;
    expect(connections).toMatchObject({ available: true, most: 200 });
    expect(connections.byState.map(({ application }: { application: string }) => application)).toContain('others');
    const named = (list: { name: string }[], name: string) => list.find((each) => each.name === name);
    expect(named(tables.list, 'punches')).toMatchObject({ bytes: expect.any(Number), deadRows: expect.any(Number) });
    expect(named(indexes.list, 'punches_pkey')).toMatchObject({ table: 'punches', scans: expect.any(Number) });
    // The months of the ledger are one table, with one index of each name.
    expect(tables.list.filter(({ name }: { name: string }) => name.startsWith('audit_logs'))).toHaveLength(1);
    expect(named(tables.list, 'audit_logs')).toMatchObject({ name: 'audit_logs' });
    expect(indexes.list.filter(({ name }: { name: string }) => name === 'audit_logs_pkey')).toHaveLength(1);
  });

  it('lists the slowest executions of this process, and those of all as PostgreSQL counts them', async () => {
    const lock = await lockedPerson(server.database, acme.employee);
    const change = acme.admin.api.patch(`/api/users/${acme.employee.id}`, { name: 'Ada' }, { key: aKey() });
    await untilWaiting(server.database, 'Lock');
    const { locks } = await asked('stats');
    expect(locks).toMatchObject({ available: true, waiting: 1 });
    expect(locks.longest).toEqual([
      { mode: expect.any(String), type: expect.any(String), seconds: expect.any(Number), table: null, blockedBy: 1 },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await lock.lift();
    expect((await change).status).toBe(200);
    const slow = await asked('slow-queries', { limit: 3 });
    expect(slow[0]).toMatchObject({ ...executed, isSlow: true, source: 'driver' });
    expect(slow.map(({ duration }: { duration: number }) => duration)).toEqual(
      slow.map(({ duration }: { duration: number }) => duration).sort((a: number, b: number) => b - a),
    );
    expect(slow.length).toBeLessThanOrEqual(3);
    const all = await asked('slow-queries', { limit: 100 });
    expect(all.map(({ query }: { query: string }) => query).join()).toContain('FROM users');
    const counted = await asked('slow-queries', { source: 'pg_stat_statements' });
    expect(counted[0]).toMatchObject({ isSlow: true, timestamp: null, source: 'pg_stat_statements' });
  });

  it('lists the most frequent statements, and who counted them', async () => {
    for (const [query, source] of [
      [{}, 'pg_stat_statements'],
      [{ source: 'driver' }, 'driver'],
    ] as const) {
      const list: { count: number; source: string; averageDuration: number }[] = await asked('frequent-queries', query);
      expect(list.length).toBe(10);
      expect(new Set(list.map((each) => each.source))).toEqual(new Set([source]));
      expect(list.map(({ count }) => count)).toEqual(list.map(({ count }) => count).sort((a, b) => b - a));
    }
  });

  it('MON-02: tells shapes and never a parameter, a literal or a password, whoever sent it', async () => {
    const secret = 'zz-nobody-may-read-this';
    await acme.admin.api.get('/api/users', { query: { search: secret } });
    await server.database.sql(`SELECT id FROM users WHERE name = '${secret}' /* ${secret} */`);
    await server.database.sql(`DO $$ BEGIN PERFORM '${secret}'; END $$`);
    await server.database.sql(`CREATE ROLE monitored_${server.database.name} PASSWORD '${secret}'`);
    await server.database.sql(`DROP ROLE monitored_${server.database.name}`);
    const answers = await Promise.all([
      asked('stats'),
      asked('slow-queries', { limit: 100 }),
      asked('frequent-queries', { limit: 100 }),
      asked('frequent-queries', { limit: 100, source: 'driver' }),
    ]);
    expect(JSON.stringify(answers)).not.toContain('nobody-may-read');
    expect(JSON.stringify(answers)).not.toMatch(/\$\d/);
    expect(JSON.stringify(answers[2])).toContain('SELECT id FROM users WHERE name = ?');
  });

  it('refuses everybody inside a tenant, also whom somebody made an operator there by mistake', async () => {
    const mistake = await acme.person({ role: 'platform_admin' });
    for (const what of ['stats', 'slow-queries', 'frequent-queries'])
      for (const person of [acme.employee, acme.admin, mistake]) {
        const { status, body } = await person.api.get(`${path}/${what}`);
        expect([what, status, body.code]).toEqual([what, 403, 'forbidden']);
      }
  });

  it('refuses limits and sources that are none', async () => {
    const wrong: Record<string, string>[] = [
      { limit: '0' },
      { limit: '101' },
      { limit: 'x' },
      { source: 'redis' },
      { q: 'x' },
    ];
    for (const query of wrong) expect((await operator.api.get(`${path}/slow-queries`, { query })).status).toBe(400);
  });
});

describe('where PostgreSQL does not let the server see', () => {
  it('says what is missing and how it is put right, and tells the rest', async () => {
    await server.database.sql('REVOKE pg_read_all_stats FROM rollcall_directory');
    try {
      const stats = await asked('stats');
      const reason = expect.stringContaining('GRANT pg_read_all_stats TO rollcall_directory') as string;
      expect(stats.connections).toEqual({ available: false, reason });
      expect([stats.locks, stats.tables, stats.indexes]).toMatchObject(Array(3).fill({ available: true }));
      expect((await asked('frequent-queries'))[0]).toMatchObject({ source: 'driver' });
    } finally {
      await server.database.sql('GRANT pg_read_all_stats TO rollcall_directory');
    }
  });

  it('counts by itself without pg_stat_statements', async () => {
    await server.database.sql('DROP EXTENSION pg_stat_statements');
    expect((await asked('frequent-queries'))[0]).toMatchObject({ source: 'driver' });
    const { status, body } = await operator.api.get(`${path}/slow-queries`, {
      query: { source: 'pg_stat_statements' },
    });
    expect([status, body.code]).toEqual([503, 'service_unavailable']);
    expect(body.detail).toContain('CREATE EXTENSION pg_stat_statements');
  });
});

it('the statistics of tables follow what is changed', async () => {
  await server.database.sql(`UPDATE users SET name = name; SELECT pg_stat_force_next_flush()`);
  const deadRows = async () =>
    (await asked('stats')).tables.list.find(({ name }: { name: string }) => name === 'users')?.deadRows > 0;
  await until(deadRows, 'the dead rows are counted');
});

it('the sizes of keys and ledger are gauges, read behind the requests', async () => {
  const gauge = async (name: string) => {
    const { text } = await server.stranger.get('/metrics');
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
  };
  for (const name of ['idempotency_table_bytes', 'audit_table_bytes'])
    await until(async () => (await gauge(name)) > 0, `${name} is read`);
  for (const name of ['idempotency_table_rows', 'audit_table_rows'])
    expect(await gauge(name)).toBeGreaterThanOrEqual(0);
});
