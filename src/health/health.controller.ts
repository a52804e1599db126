import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiInternalServerErrorResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorators';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { type WorkerReport, Workers } from '../database/workers';
import { DrainState } from '../http/lifecycle/drain';
import { CountsInReach } from '../rate-limit/counts-in-reach';
import { ReadRoute } from '../routing/routes';
import { fullHealth, health, liveness, readiness, summary, versionInfo } from './health.schemas';
import { type Readiness, ReadinessService } from './readiness';
import { VERSION } from './version';

/** Health and version: no token, no quota. Liveness depends on nothing; readiness is what load balancers ask. */
@ApiTags('health')
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly ready: ReadinessService,
    private readonly drain: DrainState,
    private readonly workers: Workers,
    private readonly counts: CountsInReach,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(VERSION) private readonly version: string,
  ) {}

  @Get('health')
  @ReadRoute({
    summary: 'Is the process alive, and which one is it?',
    description: 'Never touches the database.',
    ok: health,
  })
  health() {
    return { status: 'ok', ...this.now(), version: this.version, environment: this.config.NODE_ENV };
  }

  @Get('health/live')
  @ReadRoute({ summary: 'Liveness', description: '500 only when the process has to be replaced.', ok: liveness })
  @ApiInternalServerErrorResponse({ standardSchema: liveness, description: 'The process must be replaced' })
  live(@Res({ passthrough: true }) reply: FastifyReply) {
    if (this.drain.fatal !== undefined) reply.status(500);
    return { status: this.drain.fatal === undefined ? 'alive' : 'failing', ...this.now() };
  }

  @Get(['ready', 'health/ready'])
  @ReadRoute({
    summary: 'Readiness',
    description:
      'PostgreSQL answers, the schema is that of this build, and the process is not shutting down. Looked up at most once a second.',
    ok: readiness,
  })
  @ApiServiceUnavailableResponse({ standardSchema: readiness, description: 'Send requests elsewhere' })
  async readiness(@Res({ passthrough: true }) reply: FastifyReply) {
    const now = await this.ready.current();
    if (!now.ready) reply.status(503);
    return {
      status: now.ready ? 'ready' : 'not_ready',
      ...(now.reason === undefined ? {} : { reason: now.reason }),
      checks: { database: now.database, redis: redisWords[this.redis()] },
      timestamp: now.timestamp,
      ...(now.databaseLatencyMs === undefined ? {} : { database_latency_ms: now.databaseLatencyMs }),
    };
  }

  @Get('health/full')
  @ReadRoute({
    summary: 'All dependencies, for people',
    description: '503 when one that is needed is down.',
    ok: fullHealth,
  })
  @ApiServiceUnavailableResponse({ standardSchema: fullHealth })
  async full(@Res({ passthrough: true }) reply: FastifyReply) {
    const now = await this.ready.current();
    if (now.database !== 'ok') reply.status(503);
    const workers = this.workers.reports();
    const well = now.ready && this.redis() !== 'down' && workers.every(({ failing }) => !failing);
    return {
      status: now.database !== 'ok' ? 'unhealthy' : well ? 'healthy' : 'degraded',
      ...this.now(),
      version: this.version,
      checks: {
        database: databaseCheck(now),
        cache: { status: this.redis() },
        externalApi: { status: 'not configured' },
      },
      workers: Object.fromEntries(workers.map((worker) => [worker.name, workerCheck(worker)])),
    };
  }

  @Get('healthz')
  @ReadRoute({ summary: 'A short word on the service and its database', description: 'Always 200.', ok: summary })
  async summary() {
    const up = (await this.ready.current()).database === 'ok';
    return { status: up ? 'ok' : 'degraded', database: up ? 'up' : 'down', service: 'rollcall' };
  }

  @Get('api/version')
  @ReadRoute({ summary: 'Version of this build', description: 'As package.json states it.', ok: versionInfo })
  versionInfo() {
    return { version: this.version, environment: this.config.NODE_ENV };
  }

  /** Redis counts quotas, where it is configured; while it is away each process counts alone, which is no reason to be sent nothing. */
  private redis(): keyof typeof redisWords {
    if (this.config.REDIS_URL === undefined) return 'not configured';
    return this.counts.lastFailed ? 'down' : 'up';
  }

  private now() {
    return { timestamp: new Date().toISOString(), uptime: Math.round(process.uptime() * 1000) / 1000 };
  }
}

/** What /ready calls it. */
const redisWords = { 'not configured': 'not configured', up: 'ok', down: 'error: it does not answer' } as const;

function workerCheck({ failing }: WorkerReport) {
  return failing ? { status: 'failing', since: failing.since.toISOString(), code: failing.code } : { status: 'ok' };
}

function databaseCheck(now: Readiness) {
  const latency = now.databaseLatencyMs === undefined ? {} : { latency: now.databaseLatencyMs };
  return { status: now.database === 'ok' ? 'up' : 'down', ...latency };
}
