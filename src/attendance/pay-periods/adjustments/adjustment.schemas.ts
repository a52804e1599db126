import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { cursor, pageSize } from '../../../http/paging/paging';
import { periodDate, reason } from '../fields';
import { adjustmentStatuses } from './adjustment';

const MOST_MINUTES = 31 * 24 * 60;
const exampleId = '01993317-6994-7f44-af47-56d61bd62a10';

export const newAdjustment = z
  .strictObject({
    employeeId: identifier,
    date: periodDate.describe('the work date that it puts right'),
    minutes: z
      .number()
      .int()
      .min(-MOST_MINUTES)
      .max(MOST_MINUTES)
      .refine((minutes) => minutes !== 0, 'must not be 0; an adjustment of nothing is none')
      .describe('signed: negative takes time back'),
    rate: z.number().min(0).max(100).multipleOf(0.001).default(1).describe('times the regular rate'),
    source: z.string().trim().min(1).max(64).default('manual').describe('what it is paid as, such as regular or daily'),
    reason,
  })
  .meta({
    id: 'NewAdjustment',
    example: {
      employeeId: exampleId,
      date: '2026-03-12',
      minutes: 45,
      rate: 1.5,
      source: 'daily',
      reason: 'Overtime that the site manager confirmed too late',
    },
  });
export type NewAdjustment = z.output<typeof newAdjustment>;

export const adjustmentRemoval = z
  .strictObject({ reason })
  .meta({ id: 'AdjustmentRemoval', example: { reason: 'Booked for the wrong person' } });
export type AdjustmentRemoval = z.output<typeof adjustmentRemoval>;

export const adjustmentQuery = z.strictObject({
  status: z.enum([...adjustmentStatuses, 'all']).default('all'),
  employeeId: identifier.optional(),
  limit: pageSize,
  cursor,
});
export type AdjustmentQuery = z.output<typeof adjustmentQuery>;

export const adjustmentResource = z
  .object({
    id: identifier,
    employeeId: identifier,
    date: z.iso.date(),
    origin: z.enum(['late_fact', 'manual']).describe('late_fact: punches told too late; manual: booked by hand'),
    source: z.string(),
    rate: z.number(),
    minutes: z.number().int().describe('signed'),
    reason: z.string(),
    status: z.enum(adjustmentStatuses).describe('open: paid with the next period that is closed'),
    paidPeriodId: identifier.optional(),
    paidRevision: z.number().int().optional(),
    version: z.number().int(),
    createdAt: z.iso.datetime(),
    createdBy: identifier.optional(),
  })
  .meta({
    id: 'Adjustment',
    example: {
      id: '01993317-6994-7f44-af47-56d61bd62a30',
      employeeId: exampleId,
      date: '2026-03-12',
      origin: 'manual',
      source: 'daily',
      rate: 1.5,
      minutes: 45,
      reason: 'Overtime that the site manager confirmed too late',
      status: 'open',
      version: 1,
      createdAt: '2026-04-02T06:58:12.000Z',
      createdBy: exampleId,
    },
  });

export const adjustmentList = z
  .object({ data: z.array(adjustmentResource), nextCursor: z.string().optional() })
  .meta({ id: 'AdjustmentList' });
