import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { Public } from '../auth/access.decorators';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Problem } from '../http/problems/problem';
import { Produces } from '../http/routes/produces.decorator';
import { ApplicationRegistry } from './instruments/application-registry';

const openMetrics = 'application/openmetrics-text';

/**
 * The page that Prometheus reads. Outside production it is open; in production it wants METRICS_TOKEN as a bearer token,
 * unless METRICS_PUBLIC says that the network in front guards it.
 */
@ApiTags('monitoring')
@Controller()
export class MetricsController {
  constructor(
    private readonly registry: ApplicationRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(['metrics', 'metrics/prom'])
  @Public()
  @Produces('text/plain', openMetrics)
  @ApiOperation({
    summary: 'Metrics for Prometheus',
    description: 'Text format, or OpenMetrics when it is asked for. Guarded in production.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'One line for each series', schema: { type: 'string', example: 'rollcall_ready 1' } })
  async page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.admit(request);
    const open = request.headers.accept?.includes(openMetrics) === true;
    const type = open ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
    await reply.header('content-type', type).send(await this.registry.page(type));
  }

  private admit(request: FastifyRequest): void {
    const { production, METRICS_PUBLIC, METRICS_TOKEN } = this.config;
    if (METRICS_TOKEN === undefined ? !production || METRICS_PUBLIC : METRICS_PUBLIC) return;
    const given = Buffer.from(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
    const wanted = Buffer.from(METRICS_TOKEN ?? '');
    if (wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted)) return;
    throw new Problem('unauthorized', 'Metrics need the bearer token that METRICS_TOKEN names.');
  }
}
