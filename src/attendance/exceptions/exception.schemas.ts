import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { instant, localDate } from '../../http/input/dates';
import { cursor, pageSize } from '../../http/paging/paging';
import { exceptionCodes, exceptionStatuses } from './exception';

const date = z.iso.date();
const exampleId = '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b11';
const exampleEmployee = '01993317-6994-7f44-af47-56d61bd62a10';
const notes = z.string().trim().min(1).max(2000);

export const exceptionQuery = z.strictObject({
  status: z
    .enum([...exceptionStatuses, 'pending', 'all'])
    .default('open')
    .transform((status) => (status === 'pending' ? 'open' : status))
    .describe('pending: another name for open'),
  code: z.enum(exceptionCodes).optional(),
  employeeId: id.optional(),
  from: localDate.optional().describe('first work date'),
  to: localDate.optional().describe('last work date, included'),
  source: z.enum(['automatic', 'manual']).optional(),
  limit: pageSize,
  cursor,
});
export type ExceptionQuery = z.output<typeof exceptionQuery>;

export const newException = z
  .strictObject({
    employeeId: id.describe('whom it is about'),
    date: localDate.describe('the work date'),
    code: z.enum(exceptionCodes).default('OTHER'),
    description: z.string().trim().min(3).max(2000),
    occurredAt: instant.optional().describe('left out: the beginning of the work date'),
  })
  .meta({
    id: 'NewException',
    example: { employeeId: exampleEmployee, date: '2026-11-16', description: 'The gate was closed until 09:30' },
  });
export type NewException = z.output<typeof newException>;

const decision = {
  status: z.enum(['approved', 'rejected']).describe('approved: excused; rejected: it stands against the person'),
  notes: notes.optional().describe('why; needed for a rejection'),
};
const saysWhy = (body: { status: string; notes?: string | undefined }) =>
  body.status !== 'rejected' || body.notes !== undefined;
const why = { path: ['notes'], message: 'is required for a rejection: say why' };

export const exceptionResolution = z
  .strictObject(decision)
  .refine(saysWhy, why)
  .meta({
    id: 'ExceptionResolution',
    example: { status: 'approved', notes: 'Train strike, announced the day before' },
  });
export type ExceptionResolution = z.output<typeof exceptionResolution>;

export const exceptionBatch = z
  .strictObject({ ids: z.array(id).min(1).max(1000), ...decision })
  .refine(saysWhy, why)
  .meta({ id: 'ExceptionBatch', example: { ids: [exampleId], status: 'approved', notes: 'Train strike' } });
export type ExceptionBatch = z.output<typeof exceptionBatch>;

export const exceptionRemoval = z
  .strictObject({ reason: z.string().trim().min(3).max(500) })
  .meta({ id: 'ExceptionRemoval', example: { reason: 'Entered for the wrong person' } });
export type ExceptionRemoval = z.output<typeof exceptionRemoval>;

export const exceptionResource = z
  .object({
    id,
    employeeId: id,
    employeeName: z.string(),
    date,
    code: z.string(),
    title: z.string().describe('what it is, in words'),
    occurredAt: z.iso.datetime(),
    minutes: z.number().int().describe('how much; 0 where there is no amount'),
    status: z.enum(exceptionStatuses).describe('premature: it may still turn out all right; cleared: it did'),
    source: z.enum(['automatic', 'manual']),
    description: z.string().optional(),
    notes: z.string().optional(),
    resolvedBy: id.optional(),
    resolvedAt: z.iso.datetime().optional(),
    approvedBy: id.optional().describe('resolvedBy, where the decision was to approve'),
    approvedAt: z.iso.datetime().optional(),
    createdBy: id.optional(),
    version: z.number().int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'Exception',
    example: {
      id: exampleId,
      employeeId: exampleEmployee,
      employeeName: 'Emma Employee',
      date: '2026-11-16',
      code: 'IN_LATE',
      title: 'came late',
      occurredAt: '2026-11-16T08:22:10.000Z',
      minutes: 22,
      status: 'open',
      source: 'automatic',
      version: 1,
      createdAt: '2026-11-16T08:22:11.000Z',
      updatedAt: '2026-11-16T08:22:11.000Z',
    },
  });
export const exceptionList = z
  .object({ data: z.array(exceptionResource), nextCursor: z.string().optional() })
  .meta({ id: 'ExceptionList' });

export const exceptionBatchResult = z
  .object({
    counts: z.object({ resolved: z.number().int(), refused: z.number().int() }),
    results: z.array(
      z.object({
        index: z.number().int(),
        id,
        status: z.enum(['resolved', 'refused']),
        code: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
  })
  .meta({
    id: 'ExceptionBatchResult',
    example: { counts: { resolved: 1, refused: 0 }, results: [{ index: 0, id: exampleId, status: 'resolved' }] },
  });
