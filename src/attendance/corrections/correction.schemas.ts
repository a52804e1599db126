import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { instant } from '../../http/input/dates';
import { cursor, pageSize } from '../../http/paging/paging';
import { punchTypes, recordedTypes } from '../punches/presence';
import { CORRECTION_KINDS, CORRECTION_STATUSES, type CorrectionKind } from './correction-kind';

const reason = z.string().trim().min(3).max(500);
const exampleEmployee = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';
const examplePunch = '01939c2f-03b1-7d11-9c5e-6f0d2c2b7a10';

type Field = 'punchId' | 'type' | 'timestamp';
const fields: Readonly<Record<CorrectionKind, { readonly needed: readonly Field[]; readonly idle: readonly Field[] }>> =
  {
    missing_punch: { needed: ['type', 'timestamp'], idle: ['punchId'] },
    changed_time: { needed: ['punchId'], idle: [] },
    removed_punch: { needed: ['punchId'], idle: ['type', 'timestamp'] },
  };

export const newCorrection = z
  .strictObject({
    kind: z.enum(CORRECTION_KINDS),
    employeeId: id.optional().describe('whose punches are wrong; left out, your own'),
    punchId: id.optional().describe('the punch that is wrong; not with missing_punch'),
    type: z.enum(punchTypes).optional().describe('what it should have been; not with removed_punch'),
    timestamp: instant.optional().describe('when it should have been, with an offset; not with removed_punch'),
    reason: reason.describe('what happened; it stands with the punch and in the ledger'),
  })
  .superRefine((body, context) => {
    const { needed, idle } = fields[body.kind];
    const fault = (field: Field, code: string, message: string) => {
      context.addIssue({ code: 'custom', path: [field], message, params: { code } });
    };
    for (const field of needed) {
      if (body[field] === undefined) fault(field, 'required', `is required for ${body.kind}`);
    }
    for (const field of idle) {
      if (body[field] !== undefined) fault(field, 'invalid', `means nothing for ${body.kind}; leave it out`);
    }
    if (body.kind === 'changed_time' && body.type === undefined && body.timestamp === undefined) {
      fault('timestamp', 'required', 'is required, or type, or both: say what changes');
    }
  })
  .meta({
    id: 'NewCorrection',
    example: {
      kind: 'missing_punch',
      type: 'out',
      timestamp: '2026-03-27T17:30:00+01:00',
      reason: 'The terminal at the back door was dark',
    },
  });
export type NewCorrection = z.output<typeof newCorrection>;

export const correctionDecision = z
  .strictObject({
    status: z.enum(['approved', 'rejected']).describe('approved: applied at once; rejected: nothing changes'),
    notes: reason.optional().describe('why; required to reject'),
  })
  .refine((body) => body.status === 'approved' || body.notes !== undefined, {
    path: ['notes'],
    message: 'is required to reject: say why',
    params: { code: 'required' },
  })
  .meta({ id: 'CorrectionDecision', example: { status: 'rejected', notes: 'The door log shows 16:00' } });
export type CorrectionDecision = z.output<typeof correctionDecision>;

export const correctionQuery = z.strictObject({
  status: z.enum([...CORRECTION_STATUSES, 'all']).default('pending'),
  employeeId: id.optional(),
  limit: pageSize,
  cursor,
});
export type CorrectionQuery = z.output<typeof correctionQuery>;

const state = z.object({ type: z.enum(recordedTypes), occurredAt: z.iso.datetime() });

export const correctionResource = z
  .object({
    id,
    employeeId: id,
    kind: z.enum(CORRECTION_KINDS),
    punchId: id.optional().describe('the punch that is wrong'),
    punchVersion: z.number().int().optional().describe('its version when the correction was asked for'),
    before: state.optional().describe('the punch when the correction was asked for'),
    after: state.optional().describe('what is wanted'),
    reason: z.string(),
    status: z.enum(CORRECTION_STATUSES),
    requestedBy: id,
    decidedBy: id.optional(),
    decidedAt: z.iso.datetime().optional(),
    notes: z.string().optional().describe('what was said to the decision'),
    appliedPunchId: id.optional().describe('the punch that stands since; of a removal, the one that was removed'),
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
  })
  .meta({
    id: 'Correction',
    example: {
      id: '01939c31-77d2-7c10-9a44-5f1f0f5d2c11',
      employeeId: exampleEmployee,
      kind: 'changed_time',
      punchId: examplePunch,
      punchVersion: 1,
      before: { type: 'in', occurredAt: '2026-03-27T08:20:00.000Z' },
      after: { type: 'in', occurredAt: '2026-03-27T07:59:00.000Z' },
      reason: 'I queued at the gate',
      status: 'pending',
      requestedBy: exampleEmployee,
      version: 1,
      createdAt: '2026-03-27T16:58:12.000Z',
    },
  });

export const correctionList = z
  .object({ data: z.array(correctionResource), nextCursor: z.string().optional() })
  .meta({ id: 'CorrectionList' });
