import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { loadConfig } from '../config/config';
import { CONFIG } from '../config/config.module';
import { DatabaseSession } from '../database/session';
import type { Statement } from '../database/statement';
import { RETENTION_CONNECTION } from '../database/tokens';
import { Workers } from '../database/workers';
import { ApplicationRegistry } from '../metrics/instruments/application-registry';
import { InstrumentsModule } from '../metrics/instruments/instruments.module';
import { retentionPolicies } from './policies';
import { RetentionService } from './retention.service';

type Script = (statement: Statement, values: readonly unknown[]) => { rows?: object[]; rowCount?: number } | undefined;

/** A session that answers what the script says, and remembers what it was asked. */
function scripted(script: Script) {
  const asked: { name: string; values: readonly unknown[] }[] = [];
  const closed = jest.fn();
  const session = {
    usable: true,
    close: closed,
    send: (statement: Statement, values: readonly unknown[] = []) => {
      asked.push({ name: statement.name, values });
      const answer = script(statement, values) ?? usual(statement);
      return Promise.resolve({ rows: [], rowCount: 1, command: statement.text, ...answer });
    },
  };
  jest.spyOn(DatabaseSession, 'open').mockResolvedValue(session as unknown as DatabaseSession);
  return { asked, closed, names: () => asked.map(({ name }) => name) };
}

const usual = ({ name }: Statement) => {
  if (name === 'lease.claim') return { rows: [{ token: '7', claimed_at: new Date(0) }] };
  if (name === 'retention_runs.start') return { rows: [{ id: 'run' }] };
  return name.startsWith('retention.') ? { rows: [{ n: 0 }] } : {};
};

async function service(settings: Record<string, string> = {}, connected = true) {
  const registry = new ApplicationRegistry();
  const module = await Test.createTestingModule({
    imports: [InstrumentsModule.for(registry)],
    providers: [
      RetentionService,
      Workers,
      { provide: CONFIG, useValue: loadConfig(settings) },
      { provide: RETENTION_CONNECTION, useValue: connected ? {} : undefined },
    ],
  }).compile();
  return {
    retention: module.get(RetentionService),
    shown: (name: string) => registry.getSingleMetricAsString(name),
  };
}

describe('RetentionService', () => {
  const silenced = (level: 'log' | 'error' | 'warn') => jest.spyOn(Logger.prototype, level).mockImplementation();
  let log: ReturnType<typeof silenced>;
  let error: ReturnType<typeof silenced>;
  let warn: ReturnType<typeof silenced>;
  beforeEach(() => {
    [log, error, warn] = [silenced('log'), silenced('error'), silenced('warn')];
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('runs every policy in batches under one lease, each batch renewed in its transaction', async () => {
    const left = [1000, 1000, 234];
    const { asked, names, closed } = scripted(({ name }) =>
      name === 'retention.idempotency_keys' ? { rows: [{ n: left.shift() ?? 0 }] } : undefined,
    );
    const { retention, shown } = await service();
    const reports = await retention.runNow();
    expect(reports).toEqual([
      { policy: 'idempotency_keys', deleted: 2234 },
      { policy: 'refresh_tokens', deleted: 0 },
      { policy: 'sign_in_addresses', deleted: 0 },
      { policy: 'operation_logs', deleted: 0 },
      { policy: 'import_files', deleted: 0 },
      { policy: 'export_files', deleted: 0 },
      { policy: 'audit_partitions', deleted: 0 },
    ]);
    const deletes = names().flatMap((name, i) => (name === 'retention.idempotency_keys' ? [i] : []));
    for (const i of deletes)
      expect(names().slice(i - 3, i + 2)).toEqual([
        'retention.begin',
        'retention.limits',
        'lease.renew',
        'retention.idempotency_keys',
        'retention.commit',
      ]);
    expect(asked.find(({ name }) => name === 'retention_runs.end')?.values).toEqual(['run', 2234, null]);
    expect(names().at(-1)).toBe('lease.finish');
    expect(closed).toHaveBeenCalled();
    expect(log).toHaveBeenCalledWith(expect.stringContaining('Idempotency cleanup completed: 2234 rows deleted'));
    expect(await shown('retention_deleted_rows_total')).toContain('{policy="idempotency_keys"} 2234');
    expect(await shown('retention_last_success_timestamp_seconds')).toContain('policy="audit_partitions"');
  });

  it('computes its bounds from the time it is given; 0 days switches a policy off', async () => {
    const { asked, names } = scripted(() => undefined);
    const { retention } = await service({ RETENTION_REQUEST_TRAIL_DAYS: '30', RETENTION_EXPIRED_SESSION_DAYS: '0' });
    await retention.runNow(new Date('2026-03-31T02:00:00Z'));
    const trail = asked.find(({ name }) => name === 'retention.operation_logs');
    expect(trail?.values).toEqual(['2026-03-01T02:00:00.000Z', 1000]);
    expect(names()).not.toContain('retention.refresh_tokens');
  });

  it('stays away while another process holds the lease', async () => {
    const { names } = scripted(({ name }) => (name === 'lease.claim' ? { rows: [] } : undefined));
    const { retention } = await service();
    expect(await retention.runNow()).toBeUndefined();
    expect(names()).toEqual(['lease.claim']);
  });

  it('commits nothing and stops when its token is outdated', async () => {
    const { names } = scripted(({ name }) => (name === 'lease.renew' ? { rowCount: 0 } : undefined));
    const { retention, shown } = await service();
    await retention.runScheduled();
    expect(names()).not.toContain('retention.idempotency_keys');
    expect(names()).not.toContain('retention.commit');
    expect(names()).not.toContain('retention.refresh_tokens');
    expect(error).toHaveBeenCalledWith(expect.stringContaining('passed to another process'));
    expect(await shown('retention_runs_total')).toContain('policy="idempotency_keys",result="failure"} 1');
  });

  it('goes on with the next policy when one fails, and tells nobody what a row held', async () => {
    const { asked } = scripted(({ name }) => {
      if (name === 'retention.idempotency_keys')
        throw Object.assign(new Error('canceling statement, Key (email)=(ann@acme.test)'), { code: '57014' });
      return undefined;
    });
    const { retention, shown } = await service();
    const [failed, ...others] = (await retention.runNow()) ?? [];
    const reason = 'deadline_exceeded: SQLSTATE 57014';
    expect(failed).toMatchObject({ policy: 'idempotency_keys', error: reason });
    expect(others.map((report) => report.error)).toEqual(retentionPolicies.slice(1).map(() => undefined));
    expect(asked.find(({ name }) => name === 'retention_runs.end')?.values).toEqual(['run', 0, reason]);
    expect(error).toHaveBeenCalledWith(expect.stringContaining(`Idempotency cleanup failed: ${reason}`));
    expect(await shown('idempotency_errors_total')).toContain('idempotency_errors_total{op="cleanup"} 1');
  });

  it('survives a database that is away', async () => {
    jest.spyOn(DatabaseSession, 'open').mockRejectedValue(new Error('connect ECONNREFUSED 10.0.0.1:5432'));
    const { retention, shown } = await service();
    await expect(retention.runScheduled()).resolves.toBeUndefined();
    expect(await shown('retention_runs_total')).toContain('policy="all",result="failure"} 1');
  });

  it('ends between two batches when the server shuts down, and does not call that a success', async () => {
    scripted(({ name }) => (name === 'retention.idempotency_keys' ? { rows: [{ n: 1000 }] } : undefined));
    const { retention, shown } = await service();
    const run = retention.runNow();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await retention.beforeApplicationShutdown();
    expect(await run).toEqual([
      expect.objectContaining({ policy: 'idempotency_keys', error: expect.stringContaining('shutdown') as string }),
    ]);
    // The series are there from the start; none of them has counted a run.
    expect(await shown('retention_runs_total')).not.toMatch(/policy=.* [1-9]/);
  });

  it('is off, with one warning, without a connection of its own', async () => {
    const opened = jest.spyOn(DatabaseSession, 'open').mockClear();
    const { retention } = await service({}, false);
    expect(retention.enabled).toBe(false);
    await retention.runScheduled();
    await retention.runScheduled();
    expect(opened).not.toHaveBeenCalled();
    expect(warn).toHaveBeenCalledTimes(1);
    await expect(retention.runNow()).rejects.toThrow('DATABASE_RETENTION_URL');
  });
});
