import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { itemSchema } from '../../../http/input/item';
import { localDate } from '../../../http/input/dates';

const employeeId = identifier;
const date = z.iso.date();
const notes = z.string().trim().min(1).max(2000).optional();
const exampleDay = { employeeId: '01993317-6994-7f44-af47-56d61bd62a10', date: '2026-11-16' };

export const dayApproval = z
  .strictObject({ status: z.enum(['approved', 'pending']).describe('pending takes an approval back'), notes })
  .meta({ id: 'DayApproval', example: { status: 'approved' } });
export type DayApproval = z.output<typeof dayApproval>;

const dayItem = itemSchema(
  z.strictObject({ employeeId, date: z.string().meta({ format: 'date' }) }),
  z.strictObject({ employeeId, date: localDate }),
);
export const dayApprovalBatch = z
  .strictObject({ days: z.array(dayItem).min(1).max(1000), notes })
  .meta({ id: 'DayApprovalBatch', example: { days: [exampleDay] } });
export type DayApprovalBatch = z.output<typeof dayApprovalBatch>;

export const approvedDay = z
  .object({
    employeeId: identifier,
    date,
    approval: z.enum(['approved', 'pending']),
    approvedBy: identifier.optional(),
    approvedAt: z.iso.datetime().optional(),
    revision: z.number().int().describe('of the record that was approved'),
  })
  .meta({ id: 'ApprovedDay', example: { ...exampleDay, approval: 'approved', revision: 3 } });

export const dayApprovalResult = z
  .object({
    counts: z.object({ approved: z.number().int(), refused: z.number().int() }),
    results: z.array(
      z.object({
        index: z.number().int(),
        employeeId: identifier,
        date: z.string().describe('as it was told'),
        status: z.enum(['approved', 'refused']),
        code: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
  })
  .meta({
    id: 'DayApprovalResult',
    example: { counts: { approved: 1, refused: 0 }, results: [{ index: 0, ...exampleDay, status: 'approved' }] },
  });
