import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { DatabaseSession } from '../../src/database/session';
import { statement } from '../../src/database/statement';
import { DatabaseMetrics } from '../../src/metrics/instruments/database-metrics';
import { LeaseLost } from '../../src/jobs/lease-lost';
import { Lease, type LeaseOptions } from '../../src/retention/lease';
import { retentionPolicies } from '../../src/retention/policies';
import { sweep } from '../../src/retention/sweep';
import { TestDatabase } from '../support/database';
import { untilWaiting } from '../support/faults';
import { ownInstruments } from '../support/metrics';
import { agedTrail, expiringKeys, retentionAt } from '../support/retention';
import { until } from '../support/until';

const platform = '00000000-0000-0000-0000-000000000000';

describe('retention', () => {
  let database: TestDatabase;
  const sessions: DatabaseSession[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await TestDatabase.create();
  });
  beforeEach(() =>
    database.sql('TRUNCATE idempotency_keys, refresh_tokens, operation_logs, job_leases, retention_runs'),
  );
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
  });
  afterAll(() => database.drop());

  const replica = (settings?: Record<string, string>) => retentionAt(database.urls.retention, settings);
  const connect = async () => {
    const metrics = (await ownInstruments()).get(DatabaseMetrics);
    const session = await DatabaseSession.open({ connectionString: database.urls.retention }, metrics, {
      silenceMs: 60_000,
    });
    sessions.push(session);
    return session;
  };
  const keys = (count: number, expires: string) => expiringKeys(database, count, expires);
  const trail = (count: number, age: string) => agedTrail(database, count, age);

  it('deletes what has expired, in batches, and nothing else', async () => {
    await keys(2500, '-1 minute');
    await keys(10, '1 minute');
    await trail(1200, '91 days');
    await trail(10, '89 days');
    const reports = await (await replica()).runNow();
    expect(reports).toEqual([
      { policy: 'idempotency_keys', deleted: 2500 },
      { policy: 'refresh_tokens', deleted: 0 },
      { policy: 'sign_in_addresses', deleted: 0 },
      { policy: 'operation_logs', deleted: 1200 },
      { policy: 'import_files', deleted: 0 },
      { policy: 'export_files', deleted: 0 },
      { policy: 'audit_partitions', deleted: 0 },
    ]);
    expect(await database.count('idempotency_keys')).toBe(10);
    expect(await database.count('operation_logs')).toBe(10);
    expect(await database.count('retention_runs', 'finished_at IS NOT NULL AND error IS NULL')).toBe(7);
  });

  it('deletes refresh tokens a day after they expired', async () => {
    const [user] = await database.sql<{ id: string }>(
      `INSERT INTO users (tenant_id, name) VALUES ($1, 'somebody') RETURNING id`,
      [platform],
    );
    await database.sql(
      `INSERT INTO refresh_tokens (tenant_id, family_id, user_id, secret_hash, expires_at)
       SELECT $1, new_id(), $2, '', now() - make_interval(hours => h) FROM unnest(ARRAY[-1, 23, 25]) h`,
      [platform, user?.id],
    );
    await (await replica()).runNow();
    expect(await database.count('refresh_tokens')).toBe(2);
  });

  it('forgets where people signed in after thirty days', async () => {
    const [user] = await database.sql<{ id: string }>(
      `INSERT INTO users (tenant_id, name) VALUES ($1, 'somebody') RETURNING id`,
      [platform],
    );
    await database.sql(
      `INSERT INTO sign_in_addresses (tenant_id, user_id, network, signed_in_at)
       SELECT $1, $2, '192.0.2.0'::inet + d, now() - make_interval(days => d) FROM unnest(ARRAY[0, 29, 31]) d`,
      [platform, user?.id],
    );
    await (await replica()).runNow();
    expect(await database.count('sign_in_addresses')).toBe(2);
  });

  it('makes the partitions of the ledger ahead', async () => {
    const last = `to_char(now() AT TIME ZONE 'UTC' + interval '12 months', 'YYYY_MM')`;
    await database.sql(`DO $$ BEGIN EXECUTE 'DROP TABLE audit_logs_' || ${last}; END $$`);
    const reports = await (await replica()).runNow();
    expect(reports?.at(-1)).toEqual({ policy: 'audit_partitions', deleted: 1 });
    expect(await database.sql(`SELECT to_regclass('audit_logs_' || ${last}) AS part`)).not.toEqual([{ part: null }]);
  });

  it('passes over a row that a request holds, and waits for nobody (IDM-36)', async () => {
    await keys(2500, '-1 minute');
    const request = new Client({ connectionString: database.urls.superuser });
    await request.connect();
    await request.query('BEGIN');
    const held = 'SELECT scope FROM idempotency_keys ORDER BY expires_at LIMIT 3 FOR UPDATE';
    await request.query(held);
    expect((await (await replica()).runNow())?.[0]).toEqual({ policy: 'idempotency_keys', deleted: 2497 });
    await request.query('ROLLBACK');
    await request.end();
    expect(await database.count('idempotency_keys')).toBe(3);
  });

  it('runs once for each tick, whatever the number of replicas', async () => {
    const replicas = await Promise.all([replica(), replica(), replica()]);
    await Promise.all(replicas.map((one) => one.runScheduled()));
    await (await replica()).runScheduled(); // a replica whose clock is late
    expect(await database.count('retention_runs', `policy = 'idempotency_keys'`)).toBe(1);
    expect(await (await replica()).runNow()).toHaveLength(7); // an operator does not have to wait
    expect(await database.sql('SELECT token FROM job_leases')).toEqual([{ token: '2' }]);
  });

  it('shows a process that has just started when it last succeeded', async () => {
    await (await replica()).runNow();
    expect(Date.now() / 1000 - (await (await replica()).refreshLastSuccess())).toBeLessThan(60);
  });

  it('cannot be talked into more: the role sees expired rows only and changes none of them', async () => {
    await keys(5, '1 minute');
    await keys(5, '-1 minute');
    await trail(5, '1 hour');
    const janitor = await connect();
    const all = async (text: string) => janitor.send(statement(text.slice(0, 40), text));
    expect((await all('DELETE FROM operation_logs')).rowCount).toBe(0);
    await expect(all(`UPDATE operation_logs SET status = 'failure'`)).rejects.toMatchObject({ code: '42501' });
    await expect(all(`UPDATE idempotency_keys SET expires_at = now() + interval '1 day'`)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(all('DELETE FROM audit_logs')).rejects.toMatchObject({ code: '42501' });
    expect((await all('DELETE FROM idempotency_keys')).rowCount).toBe(5);
  });

  describe('the lease (OPS-21)', () => {
    const options = (holder: string, more: Partial<LeaseOptions> = {}): LeaseOptions => ({
      job: 'tried',
      holder,
      leaseMs: 600,
      closedMs: 50,
      ...more,
    });
    const sweepKeys = async (session: DatabaseSession, lease: Lease) => {
      const [policy] = retentionPolicies;
      if (!policy) throw new Error('There is no policy');
      let deleted = 0;
      await sweep(session, lease, policy, new Date().toISOString(), {
        batchSize: 10,
        pauseMs: 1,
        leaseMs: 600,
        onBatch: (count) => (deleted += count),
        stopping: () => false,
      });
      return deleted;
    };

    it('is held by one of three in every tick, and its token only grows', async () => {
      const three = await Promise.all([connect(), connect(), connect()]);
      const tokens: string[] = [];
      for (let tick = 0; tick < 10; tick++) {
        const claims = await Promise.all(
          three.map((session, i) => Lease.claim(session, options(`replica ${i}`, { leaseMs: 60_000 }))),
        );
        const held = claims.flatMap((lease, i) => (lease ? [{ lease, session: three[i] }] : []));
        expect(held).toHaveLength(1);
        for (const { lease, session } of held) {
          tokens.push(lease.token);
          if (session) await lease.finish(session);
        }
        await sleep(60);
      }
      expect(tokens).toEqual(Array.from({ length: 10 }, (_, i) => String(i + 1)));
    });

    it('passes on when its holder dies, within the lease', async () => {
      const [dead, heir] = await Promise.all([connect(), connect()]);
      expect(await Lease.claim(dead, options('dead'))).toBeDefined();
      dead.close();
      const taken = await until(() => Lease.claim(heir, options('heir')), 'the heir has the lease');
      expect(taken.token).toBe('2');
    });

    it('refuses the writes of a holder that slept through it', async () => {
      await keys(30, '-1 minute');
      const [sleeper, heir] = await Promise.all([connect(), connect()]);
      const stale = await Lease.claim(sleeper, options('sleeper'));
      await sleep(700);
      const fresh = await Lease.claim(heir, options('heir'));
      if (!stale || !fresh) throw new Error('Nobody got the lease');
      await expect(sweepKeys(sleeper, stale)).rejects.toThrow(LeaseLost);
      expect(await database.count('idempotency_keys')).toBe(30);
      expect(await sweepKeys(heir, fresh)).toBe(30);
      await stale.finish(sleeper);
      expect(await database.sql(`SELECT holder FROM job_leases WHERE job = 'tried'`)).toEqual([{ holder: 'heir' }]);
    });

    it('cannot be taken over between the check and the commit', async () => {
      const [writer, heir] = await Promise.all([connect(), connect()]);
      const held = await Lease.claim(writer, options('writer', { leaseMs: 100 }));
      await writer.send(statement('begin', 'BEGIN'));
      await held?.renew(writer);
      await sleep(200);
      let claimed: Lease | undefined;
      const claim = Lease.claim(heir, options('heir')).then((lease) => (claimed = lease));
      await untilWaiting(database, 'Lock');
      expect(claimed).toBeUndefined();
      await writer.send(statement('commit', 'COMMIT'));
      expect((await claim)?.token).toBe('2');
    });
  });
});
