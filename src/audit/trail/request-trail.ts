import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import { UnitOfWork } from '../../database/unit-of-work';
import { type Worker, Workers } from '../../database/workers';
import { lineOf, operatorsLineOf, type TrailLine } from './trail-line';
import { TrailRepository } from './trail.repository';

/** Lines that wait at most; further ones are counted and dropped, so that a database that is away never fills the memory. */
const MOST_WAITING = 20_000;
/** A batch leaves when it is this large, or when its first line is this old. */
const BATCH = 1000;
const OLDEST_MS = 250;
const RETRY_PAUSE_MS = 1000;

/**
 * The request trail: a line for every call of the API, taken when the answer is out, so that it knows how the call ended,
 * and nobody waits for it. Best effort (the ledger is not): written in batches, one at a time; what cannot be written twice
 * in a row, or finds no room, is counted as lost, and the next try waits the longer the more have failed.
 */
@Injectable()
export class RequestTrail implements OnModuleInit {
  private readonly worker: Worker;
  private waiting: TrailLine[] = [];
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closing = false;
  /** How long to leave the database alone after a loss; what comes meanwhile waits, within its bound. */
  private restMs = 0;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly repository: TrailRepository,
    @InjectMetric('operation_logs_lost_total') private readonly lost: Counter,
    @InjectMetric('audit_write_failures_total') private readonly failures: Counter<'trail'>,
    workers: Workers,
    work: UnitOfWork,
  ) {
    failures.inc({ trail: 'requests' }, 0);
    this.worker = workers.named('request-trail', new Logger(RequestTrail.name));
    // The server has answered its last request by then, and the pool is still open.
    work.beforeClosing(() => {
      this.closing = true;
      return this.flush();
    });
  }

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      const line = lineOf(request, reply);
      if (line) this.take(line);
      const toOperators = line && operatorsLineOf(line);
      if (toOperators) this.take(toOperators);
      done();
    });
  }

  take(line: TrailLine): void {
    if (this.waiting.length >= MOST_WAITING) {
      this.lost.inc();
      return;
    }
    this.waiting.push(line);
    if (this.waiting.length >= BATCH && this.restMs === 0) void this.write();
    else this.writeLater();
  }

  /** Resolves when everything taken so far has been written or counted as lost. */
  async flush(): Promise<void> {
    while (this.writing !== undefined || this.waiting.length > 0) await this.write();
  }

  private write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing ??= this.writeBatches().finally(() => {
      this.writing = undefined;
      if (this.waiting.length > 0 && !this.closing) this.writeLater();
    });
    return this.writing;
  }

  private writeLater(): void {
    this.timer ??= setTimeout(() => void this.write(), Math.max(OLDEST_MS, this.restMs)).unref();
  }

  /** Everything that waits, then what came meanwhile as long as it fills batches; the rest waits for its timer. */
  private async writeBatches(): Promise<void> {
    do await this.writeBatch(this.waiting.splice(0, 2 * BATCH));
    while (this.waiting.length >= BATCH);
  }

  private async writeBatch(lines: readonly TrailLine[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.store(lines);
    } catch {
      this.failures.inc({ trail: 'requests' });
      await this.writeAgain(lines);
    }
  }

  private async writeAgain(lines: readonly TrailLine[]): Promise<void> {
    if (!this.closing) await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    try {
      await this.store(lines);
    } catch (error) {
      this.failures.inc({ trail: 'requests' });
      // At shutdown what follows would meet the same database, and the process would miss its deadline for it.
      const given = lines.length + (this.closing ? this.waiting.splice(0).length : 0);
      this.lost.inc(given);
      this.restMs = this.worker.failed(`${given} lines of the request trail are lost`, error);
    }
  }

  private async store(lines: readonly TrailLine[]): Promise<void> {
    await this.repository.insert(lines);
    this.worker.succeeded();
    this.restMs = 0;
  }
}
