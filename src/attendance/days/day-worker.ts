import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { asProblem, describeFailure } from '../../database/failures';
import { UnitOfWork } from '../../database/unit-of-work';
import { Workers } from '../../database/workers';
import { sleep, WorkLoop } from '../../jobs/work-loop';
import { DayMetrics } from '../../metrics/instruments/day-metrics';
import { type Computation, DayComputer } from './day-computer';
import { deleteMarks, type MarkedPerson, claimMarked, waitingTenants } from './queue';
import { FailureBackoff } from './failure-backoff';

/** People in one transaction: enough to share its exchanges, few enough to keep it short. */
const PEOPLE_AT_ONCE = 64;
/** Dates in one transaction: a late file about a year of everybody must not cause a transaction of minutes. */
const DATES_AT_ONCE = 4000;

/**
 * Computes the marked days, soon after they were marked. Every replica may run it; one of them at a time computes a person. It sleeps
 * between batches, the longer the more requests are being served: a flood of punches delays the days, not the people at the clocks.
 */
@Injectable()
export class DayWorker extends WorkLoop {
  private readonly backoff = new FailureBackoff();
  /** Tenants with more marks than one call reads. */
  private readonly behind = new Set<string>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly computer: DayComputer,
    private readonly metrics: DayMetrics,
    private readonly host: HttpAdapterHost,
    workers: Workers,
    @Inject(CONFIG) config: Config,
  ) {
    super(workers.named('days', new Logger('DayWorker')), {
      isOn: config.DAY_WORKER,
      lookingFor: 'days to compute',
      idleMs: config.DAY_WORKER_POLL_MS,
    });
  }

  /** Computes until nothing is marked, and answers how much; for tests, the demo and the operator's command. */
  async drain(): Promise<Computation> {
    const total = { people: 0, days: 0, changed: 0 };
    for (let done = await this.round(false); done.people > 0; done = await this.round(false)) {
      total.people += done.people;
      total.days += done.days;
      total.changed += done.changed;
    }
    return total;
  }

  protected async next(): Promise<boolean> {
    try {
      return (await this.round(true)).people > 0;
    } catch (error) {
      this.metrics.failures.inc();
      throw error;
    }
  }

  /** One batch for each waiting tenant, so that a million rows of one tenant do not delay the days of another. */
  private async round(yields: boolean): Promise<Computation> {
    const waiting = await this.work.read(PLATFORM_TENANT, (tx) => waitingTenants(tx));
    this.metrics.queueAge.set(waiting.reduce((oldest, { seconds }) => Math.max(oldest, seconds), 0));
    const total = { people: 0, days: 0, changed: 0 };
    for (const { tenant_id: tenantId } of waiting) {
      if (this.stopping.aborted) break;
      const started = performance.now();
      const done = await this.batch(tenantId);
      total.people += done.people;
      total.days += done.days;
      total.changed += done.changed;
      if (yields) await sleep((performance.now() - started) * this.throttle(), this.stopping);
    }
    return total;
  }

  /** How long to sleep for each unit of work: the longer, the more requests are being served. */
  private throttle(): number {
    return 0.5 + this.host.httpAdapter.getInstance<FastifyInstance>().inFlight.count / 16;
  }

  private async batch(tenantId: string): Promise<Computation> {
    const end = this.metrics.batches.startTimer();
    let marked: readonly MarkedPerson[] = [];
    try {
      const limit = this.backoff.isIsolating(tenantId) ? 1 : PEOPLE_AT_ONCE;
      const done = await this.work.write(tenantId, async (tx) => {
        const taken = await claimMarked(tx, limit, {
          without: this.backoff.blocked(tenantId),
          wasBehind: this.behind.has(tenantId),
        });
        if (taken.isBehind) this.behind.add(tenantId);
        else this.behind.delete(tenantId);
        marked = boundedDates(taken.marked);
        if (marked.length === 0) return { people: 0, days: 0, changed: 0 };
        const computation = await this.computer.compute(tx, marked);
        deleteMarks(tx, marked);
        return { ...computation, people: marked.length };
      });
      this.backoff.succeeded(tenantId);
      this.metrics.computed.inc(done.days);
      this.metrics.changed.inc(done.changed);
      return done;
    } catch (error) {
      if (asProblem(error).code === 'database_unavailable') throw error; // no fault of the days
      this.metrics.failures.inc();
      const people = marked.map(({ employeeId }) => employeeId);
      const next = this.backoff.failed(tenantId, people);
      const whose = people.length === 1 ? `person ${people[0]}` : `${people.length || 'all'} people`;
      this.worker.log.warn(
        `The days of ${whose} of tenant ${tenantId} could not be computed: ${describeFailure(error)}; next try ${next}`,
      );
      return { people: 0, days: 0, changed: 0 };
    } finally {
      end();
    }
  }
}

/** As many of the people as have few enough dates together, at least one. The others keep their marks. */
function boundedDates(marked: readonly MarkedPerson[]): readonly MarkedPerson[] {
  let dates = 0;
  const end = marked.findIndex(({ from, to }) => (dates += to - from + 14) > DATES_AT_ONCE);
  return end < 0 ? marked : marked.slice(0, Math.max(1, end));
}
