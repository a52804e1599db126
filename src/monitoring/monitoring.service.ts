import { Injectable } from '@nestjs/common';
import { mustOperate, type Principal } from '../auth/principal';
import { Problem } from '../http/problems/problem';
import { UnitOfWork } from '../database/unit-of-work';
import { Workers } from '../database/workers';
import { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import type { Execution, StatementTally } from '../metrics/instruments/statement-statistics';
import { fingerprint } from './fingerprint';
import type { StatementQuery } from './monitoring.schemas';
import { type CountedStatement, Sections } from './sections';

/** What operators are told of statements and of the database: shapes, counts and times, and nothing inside a tenant. */
@Injectable()
export class MonitoringService {
  private readonly sections: Sections;

  constructor(
    private readonly metrics: DatabaseMetrics,
    private readonly workers: Workers,
    work: UnitOfWork,
  ) {
    this.sections = new Sections(work);
  }

  async stats(by: Principal) {
    mustOperate(by);
    const { all, since, slowMs } = this.metrics.statements;
    const lastQueries = this.metrics.statements.last().map((execution) => this.executed(execution));
    const { count: totalQueries, slow: slowQueries } = all;
    return {
      source: 'driver',
      since: since.toISOString(),
      slowQueryMs: slowMs,
      totalQueries,
      slowQueries,
      ...timesOf(all),
      lastQueries,
      pool: await this.pool(),
      workers: this.workers.reports().map(({ name, failing }) => ({
        name,
        ...(failing ? { status: 'failing', since: failing.since.toISOString(), code: failing.code } : { status: 'ok' }),
      })),
      connections: await this.sections.connections(),
      locks: await this.sections.locks(),
      tables: await this.sections.tables(),
      indexes: await this.sections.indexes(),
    };
  }

  /** Of this process unless PostgreSQL is asked for: only here is it known when an execution ended. */
  async slowest(by: Principal, { limit, source = 'driver' }: StatementQuery) {
    mustOperate(by);
    if (source === 'driver')
      return this.metrics.statements
        .slowest()
        .slice(0, limit)
        .map((execution) => ({ ...this.executed(execution), source }));
    return (await this.counted('time', limit))
      .map(({ query, maxMs }) => ({
        query,
        duration: rounded(maxMs),
        timestamp: null,
        isSlow: this.isSlow(maxMs),
        source,
      }))
      .filter(({ isSlow }) => isSlow);
  }

  /** Of all processes where PostgreSQL counts, else of this one; `source` says which. */
  async mostFrequent(by: Principal, { limit, source }: StatementQuery) {
    mustOperate(by);
    if (source !== 'driver') {
      const section = await this.sections.statements('calls', limit);
      if (section.available) return section.list.map(countedResource);
      if (source) throw notCounted(section.reason);
    }
    return this.metrics.statements
      .tallies()
      .sort((a, b) => b.count - a.count)
      .slice(0, limit)
      .map(talliedResource);
  }

  private async counted(by: 'time' | 'calls', limit: number): Promise<readonly CountedStatement[]> {
    const section = await this.sections.statements(by, limit);
    if (!section.available) throw notCounted(section.reason);
    return section.list;
  }

  private async pool() {
    const { values } = await this.metrics.connections.get();
    const of = (state: string) => values.find(({ labels }) => labels.state === state)?.value ?? 0;
    const waiting = (await this.metrics.waiting.get()).values[0]?.value ?? 0;
    return { used: of('used'), free: of('free'), max: of('max'), waiting };
  }

  private executed({ tally: { statement }, ms, endedAt }: Execution) {
    return {
      query: fingerprint(statement.text),
      ...named(statement.name),
      duration: rounded(ms),
      timestamp: new Date(Date.now() - (performance.now() - endedAt)).toISOString(),
      isSlow: this.isSlow(ms),
    };
  }

  private isSlow(ms: number): boolean {
    return ms >= this.metrics.statements.slowMs;
  }
}

const notCounted = (reason: string) => new Problem('service_unavailable', reason);

/** Microseconds are the last that a clock can tell. */
const rounded = (ms: number) => Math.round(ms * 1000) / 1000;
const named = (name: string) => (name === '' ? {} : { name });

function timesOf(tally: StatementTally) {
  const { count, totalMs, minMs, maxMs } = tally;
  return {
    averageDuration: count === 0 ? 0 : rounded(totalMs / count),
    minDuration: count === 0 ? 0 : rounded(minMs),
    maxDuration: rounded(maxMs),
    p95Duration: rounded(tally.quantileMs(0.95)),
  };
}

function talliedResource(tally: StatementTally) {
  const { statement, count, totalMs, slow } = tally;
  return {
    query: fingerprint(statement.text),
    ...named(statement.name),
    count,
    totalDuration: rounded(totalMs),
    ...timesOf(tally),
    slow,
    source: 'driver',
  };
}

const countedResource = ({ query, calls, totalMs, minMs, maxMs }: CountedStatement) => ({
  query: fingerprint(query),
  count: calls,
  totalDuration: rounded(totalMs),
  averageDuration: rounded(totalMs / calls),
  minDuration: rounded(minMs),
  maxDuration: rounded(maxMs),
  source: 'pg_stat_statements',
});
