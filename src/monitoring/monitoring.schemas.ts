import { z } from 'zod';

const at = '2026-03-29T09:00:00.000Z';
const ms = z.number().describe('milliseconds');
const bytes = z.number().int();
const query = z.string().describe('the shape of the statement: `?` stands for every literal and parameter');
const source = z.enum(['driver', 'pg_stat_statements']);

export const statementQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  source: source
    .optional()
    .describe('who counted: this process since its start, or PostgreSQL for all processes; see the description'),
});
export type StatementQuery = z.output<typeof statementQuery>;

const origin = source.describe('who counted: this process since its start, or PostgreSQL for all processes');
const name = z.string().optional().describe('as the source code calls it; where this process counted');

const executed = z.object({
  query,
  name,
  duration: ms,
  timestamp: z.iso.datetime().describe('when it ended'),
  isSlow: z.boolean(),
});
export const slowQueries = z
  .array(
    executed.extend({
      timestamp: z.iso.datetime().nullable().describe('when it ended; PostgreSQL does not keep it'),
      source: origin,
    }),
  )
  .meta({
    id: 'SlowQueries',
    example: [
      {
        query: 'SELECT id FROM punches WHERE tenant_id = ?',
        name: 'punches.list',
        duration: 312.5,
        timestamp: at,
        isSlow: true,
        source: 'driver',
      },
    ],
  });

export const frequentQueries = z
  .array(
    z.object({
      query,
      name,
      count: z.number().int(),
      totalDuration: ms,
      averageDuration: ms,
      minDuration: ms,
      maxDuration: ms,
      p95Duration: ms.optional().describe('at most a fifth too high; where this process counted'),
      slow: z.number().int().optional().describe('slow executions; where this process counted'),
      source: origin,
    }),
  )
  .meta({
    id: 'FrequentQueries',
    example: [
      {
        query: 'SELECT id FROM punches WHERE tenant_id = ?',
        name: 'punches.list',
        count: 9120,
        totalDuration: 4104,
        averageDuration: 0.45,
        minDuration: 0.2,
        maxDuration: 312.5,
        p95Duration: 0.9,
        slow: 1,
        source: 'driver',
      },
    ],
  });

const unavailable = z.object({ available: z.literal(false), reason: z.string().describe('and what to do about it') });
const section = <Part extends z.ZodRawShape>(part: Part) =>
  z.union([z.object({ available: z.literal(true), ...part }), unavailable]);

export const monitoringStats = z
  .object({
    source: z.literal('driver').describe('the figures of statements are those of this process, measured at the driver'),
    since: z.iso.datetime().describe('when this process began to count'),
    slowQueryMs: ms.describe('what is slow: SLOW_QUERY_MS'),
    totalQueries: z.number().int(),
    slowQueries: z.number().int(),
    averageDuration: ms,
    maxDuration: ms,
    minDuration: ms,
    p95Duration: ms,
    lastQueries: z.array(executed).max(20).describe('the last ones, the newest first'),
    pool: z
      .object({ used: z.number().int(), free: z.number().int(), max: z.number().int(), waiting: z.number().int() })
      .describe('connections of this process'),
    workers: z.array(
      z.object({
        name: z.string(),
        status: z.enum(['ok', 'failing']),
        since: z.iso.datetime().optional(),
        code: z.string().optional(),
      }),
    ),
    connections: section({
      most: z.number().int().describe('max_connections of PostgreSQL'),
      byState: z.array(
        z.object({
          application: z.string(),
          state: z.string(),
          connections: z.number().int(),
          waiting: z.number().int().describe('for a lock'),
          longestTransactionSeconds: z.number(),
        }),
      ),
    }).describe('to this database, of all processes'),
    locks: section({
      waiting: z.number().int(),
      longest: z
        .array(
          z.object({
            mode: z.string(),
            type: z.string(),
            seconds: z.number(),
            table: z.string().nullable(),
            blockedBy: z.number().int().describe('how many stand before it'),
          }),
        )
        .max(20),
    }).describe('that somebody waits for in this database'),
    tables: section({
      list: z.array(
        z.object({
          name: z.string(),
          bytes: bytes.describe('with indexes'),
          indexBytes: bytes,
          rows: z.number().int().describe('an estimate'),
          deadRows: z.number().int(),
          sequentialScans: z.number().int(),
          indexScans: z.number().int(),
          vacuumedAt: z.iso.datetime().nullable(),
          analyzedAt: z.iso.datetime().nullable(),
        }),
      ),
    }).describe('the largest first; a partitioned one is told as one'),
    indexes: section({
      list: z.array(z.object({ name: z.string(), table: z.string(), bytes, scans: z.number().int() })),
    }).describe('the least used first, counted since the statistics of PostgreSQL were reset'),
  })
  .meta({
    id: 'MonitoringStats',
    example: {
      source: 'driver',
      since: at,
      slowQueryMs: 100,
      totalQueries: 48213,
      slowQueries: 2,
      averageDuration: 0.61,
      maxDuration: 312.5,
      minDuration: 0.08,
      p95Duration: 1.19,
      lastQueries: [{ query: 'COMMIT', name: 'tx.commit', duration: 0.4, timestamp: at, isSlow: false }],
      pool: { used: 1, free: 3, max: 10, waiting: 0 },
      workers: [{ name: 'days', status: 'ok' }],
      connections: {
        available: false,
        reason: 'An administrator of PostgreSQL has to run: GRANT pg_read_all_stats TO rollcall_directory',
      },
      locks: { available: true, waiting: 0, longest: [] },
      tables: {
        available: true,
        list: [
          {
            name: 'punches',
            bytes: 8192000,
            indexBytes: 4096000,
            rows: 20000,
            deadRows: 12,
            sequentialScans: 3,
            indexScans: 91200,
            vacuumedAt: at,
            analyzedAt: null,
          },
        ],
      },
      indexes: { available: true, list: [{ name: 'punches_pkey', table: 'punches', bytes: 2048000, scans: 91200 }] },
    },
  });
