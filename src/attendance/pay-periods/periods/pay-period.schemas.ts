import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { cursor, pageSize } from '../../../http/paging/paging';
import { periodDate, reason } from '../fields';
import { payPeriodTypes } from './pay-period';

const graceDays = z.number().int().min(0).max(31).describe('days after the end in which it may still be put right');
const name = z.string().trim().min(1).max(100);
const exampleId = '01993317-6994-7f44-af47-56d61bd62a20';

export const newPayPeriod = z
  .strictObject({
    type: z.enum(payPeriodTypes).optional().describe('with `date`: the period of this kind that contains the date'),
    date: periodDate.optional(),
    anchor: periodDate.optional().describe('weekly and biweekly: a first day of some period; without it a Monday'),
    startDate: periodDate.optional().describe('with `endDate`, instead of `type` and `date`: the dates themselves'),
    endDate: periodDate.optional().describe('included'),
    graceDays: graceDays.default(0),
    name: name.optional().describe('without one, its dates'),
  })
  .superRefine((body, context) => {
    const fault = (field: string, message: string) => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    const [needed, foreign] = body.type
      ? ([['date'], ['startDate', 'endDate']] as const)
      : ([
          ['startDate', 'endDate'],
          ['date', 'anchor'],
        ] as const);
    for (const field of needed)
      if (body[field] === undefined) fault(field, 'is required; give type and date, or startDate and endDate');
    for (const field of foreign)
      if (body[field] !== undefined) fault(field, 'does not fit; give type and date, or startDate and endDate');
    if (body.anchor !== undefined && /month/.test(body.type ?? ''))
      fault('anchor', 'counts for weekly and biweekly periods only; remove it');
  })
  .meta({ id: 'NewPayPeriod', example: { type: 'monthly', date: '2026-03-15', graceDays: 3, name: 'March 2026' } });
export type NewPayPeriod = z.output<typeof newPayPeriod>;

export const payPeriodPatch = z
  .strictObject({ name: name.optional(), graceDays: graceDays.optional() })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'PayPeriodPatch', example: { name: 'March 2026, all sites', graceDays: 5 } });
export type PayPeriodPatch = z.output<typeof payPeriodPatch>;

export const payPeriodQuery = z.strictObject({
  status: z.enum(['open', 'closed', 'all']).default('all'),
  limit: pageSize,
  cursor,
});
export type PayPeriodQuery = z.output<typeof payPeriodQuery>;

export const payPeriodClosing = z
  .strictObject({
    acceptOpenExceptions: z.boolean().default(false).describe('close although exceptions wait for a decision'),
    early: z.boolean().default(false).describe('close before the grace is over; needs a reason'),
    reason: reason.optional(),
  })
  .refine((body) => !body.early || body.reason !== undefined, {
    path: ['reason'],
    message: 'is required to close before the grace is over',
  })
  .meta({ id: 'PayPeriodClosing', example: { acceptOpenExceptions: false } });
export type PayPeriodClosing = z.output<typeof payPeriodClosing>;

export const payPeriodReopening = z
  .strictObject({ reason })
  .meta({ id: 'PayPeriodReopening', example: { reason: 'Night premiums were missing for one site' } });
export type PayPeriodReopening = z.output<typeof payPeriodReopening>;

export const payPeriodResource = z
  .object({
    id: identifier,
    name: z.string(),
    startDate: z.iso.date(),
    endDate: z.iso.date().describe('included'),
    graceDays: z.number().int(),
    status: z.enum(['open', 'closed']),
    revision: z.number().int().describe('how often it has been closed; 0: never'),
    contentHash: z.string().optional().describe('SHA-256 of the CSV of its latest revision'),
    closedAt: z.iso.datetime().optional(),
    closedBy: identifier.optional(),
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    createdBy: identifier,
  })
  .meta({
    id: 'PayPeriod',
    example: {
      id: exampleId,
      name: 'March 2026',
      startDate: '2026-03-01',
      endDate: '2026-03-31',
      graceDays: 3,
      status: 'open',
      revision: 0,
      version: 1,
      createdAt: '2026-03-01T06:58:12.000Z',
      updatedAt: '2026-03-01T06:58:12.000Z',
      createdBy: exampleId,
    },
  });

export const payPeriodList = z
  .object({ data: z.array(payPeriodResource), nextCursor: z.string().optional() })
  .meta({ id: 'PayPeriodList' });
