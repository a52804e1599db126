import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { cursor, oneLimit, otherLimit, pageSize } from '../../../http/paging/paging';
import { batchStatuses, importModes } from './import-batch';

const exampleId = '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b21';

/** What becomes of rows and punches, in a preview as in a batch. */
export const counts = z.object({
  create: z.number().int().describe('punches'),
  update: z
    .number()
    .int()
    .describe('rows that replaced what stood, in mode override; their punches are counted nowhere else'),
  skip: z.number().int().describe('duplicates'),
  conflict: z
    .number()
    .int()
    .describe('rows that contradict existing punches, in mode skip: nothing of them was stored'),
  reject: z.number().int().describe('rows'),
  quarantine: z.number().int().describe('of those created: they lie in a closed pay period'),
});
const exampleCounts = { create: 9870, update: 0, skip: 20, conflict: 0, reject: 110, quarantine: 0 };

export const importJob = z
  .object({
    id: identifier,
    batchId: identifier,
    fileName: z.string(),
    status: z.enum(batchStatuses),
    progress: z.object({
      done: z.number().int(),
      total: z.number().int().optional(),
      rowsPerSecond: z.number().int(),
      secondsLeft: z.number().int().optional(),
    }),
    counts,
    reading: z
      .object({
        kind: z.string(),
        mode: z.enum(importModes).optional().describe('skip where it is missing'),
        timeZone: z.string(),
        mapping: z.unknown(),
      })
      .describe('how the file is read; its rejected rows are read again in the same way'),
    error: z.string().optional(),
    createdBy: identifier,
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional(),
  })
  .meta({
    id: 'ImportJob',
    example: {
      id: exampleId,
      batchId: exampleId,
      fileName: 'november.csv',
      status: 'running',
      progress: { done: 60_000, total: 1_000_000, rowsPerSecond: 41_000, secondsLeft: 23 },
      counts: exampleCounts,
      reading: {
        kind: 'punches',
        timeZone: 'Europe/Berlin',
        mapping: { fields: { employee: 'employeeNumber', timestamp: 'timestamp', type: 'type' } },
      },
      createdBy: exampleId,
      createdAt: '2026-11-21T09:00:00.000Z',
    },
  });

const batchItem = z.object({
  line: z.number().int().describe('of the file'),
  punchId: identifier,
  employeeId: identifier,
  type: z.string(),
  at: z.iso.datetime(),
  status: z.string(),
});
export const batchItems = z
  .object({ data: z.array(batchItem), nextCursor: z.string().optional() })
  .meta({ id: 'ImportBatchItems' });
export const itemQuery = z.strictObject({ limit: pageSize, pageSize: otherLimit, cursor }).transform(oneLimit);
export type ItemQuery = z.output<typeof itemQuery>;

export const committed = z
  .object({
    batchId: identifier,
    jobId: identifier,
    status: z.enum(batchStatuses),
    counts,
    idempotent: z
      .boolean()
      .describe('true: this batch was committed by an earlier request with the same idempotencyKey'),
    items: z.array(batchItem).optional().describe('with `returnItems`, of a file that was committed at once'),
  })
  .meta({
    id: 'ImportCommitted',
    example: { batchId: exampleId, jobId: exampleId, status: 'completed', counts: exampleCounts, idempotent: false },
  });

export const batchQuery = z.strictObject({ status: z.enum(batchStatuses).optional(), limit: pageSize, cursor });
export type BatchQuery = z.output<typeof batchQuery>;
export const batchList = z
  .object({ data: z.array(importJob), nextCursor: z.string().optional() })
  .meta({ id: 'ImportBatchList' });

export const errorQuery = z.strictObject({
  as: z
    .enum(['list', 'rows'])
    .default('list')
    .describe('rows: the rejected rows themselves, to correct and upload again'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe('errors of a list (100,000 at most), or rows (all)'),
});
export type ErrorQuery = z.output<typeof errorQuery>;
