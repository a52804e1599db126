import { z } from 'zod';

const timestamp = z.iso.datetime();
const uptime = z.number().describe('seconds since the process started');
const at = '2026-03-29T09:00:00.000Z';

export const health = z
  .object({ status: z.literal('ok'), timestamp, uptime, version: z.string(), environment: z.string() })
  .meta({
    id: 'Health',
    example: { status: 'ok', timestamp: at, uptime: 512.4, version: '0.1.0', environment: 'production' },
  });

export const liveness = z
  .object({ status: z.enum(['alive', 'failing']), timestamp, uptime })
  .meta({ id: 'Liveness', example: { status: 'alive', timestamp: at, uptime: 512.4 } });

export const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    reason: z.string().optional(),
    checks: z.object({ database: z.string(), redis: z.string() }),
    timestamp,
    database_latency_ms: z.number().optional(),
  })
  .meta({
    id: 'Readiness',
    example: {
      status: 'ready',
      checks: { database: 'ok', redis: 'not configured' },
      timestamp: at,
      database_latency_ms: 0.42,
    },
  });

export const fullHealth = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    timestamp,
    uptime,
    version: z.string(),
    checks: z.record(z.string(), z.object({ status: z.string(), latency: z.number().optional() })),
    workers: z
      .record(
        z.string(),
        z.object({
          status: z.enum(['ok', 'failing']),
          since: timestamp.optional().describe('when it began to fail'),
          code: z.string().optional().describe('the problem code of the last failure; its cause is in the log'),
        }),
      )
      .describe('what works behind the requests; one that gets nothing done makes the status degraded'),
  })
  .meta({
    id: 'FullHealth',
    example: {
      status: 'healthy',
      timestamp: at,
      uptime: 512.4,
      version: '0.1.0',
      checks: {
        database: { status: 'up', latency: 0.42 },
        cache: { status: 'not configured' },
        externalApi: { status: 'not configured' },
      },
      workers: { days: { status: 'ok' }, imports: { status: 'failing', since: at, code: 'database_unavailable' } },
    },
  });

export const summary = z
  .object({ status: z.enum(['ok', 'degraded']), database: z.enum(['up', 'down']), service: z.string() })
  .meta({ id: 'HealthSummary', example: { status: 'ok', database: 'up', service: 'rollcall' } });

export const versionInfo = z
  .object({ version: z.string(), environment: z.string() })
  .meta({ id: 'Version', example: { version: '0.1.0', environment: 'production' } });
