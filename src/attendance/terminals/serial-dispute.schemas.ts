import { z } from 'zod';
import { identifier } from '../../http/input/identifiers';

const example = {
  serialNumber: 'CKJN201960123',
  address: '198.51.100.7',
  claimedBy: ['01939c2f-51d0-7a3e-9b0e-0c35a3d1f0d1', '01939c2f-51d0-7a3e-9b0e-0c35a3d1f0d2'],
  firstDisputedAt: '2026-03-28T09:00:00.000Z',
  lastDisputedAt: '2026-03-28T09:05:00.000Z',
};
export const dispute = z
  .object({
    serialNumber: z.string(),
    address: z.string().describe('where the terminal called from last'),
    claimedBy: z
      .array(identifier)
      .describe('the tenants that have registered it and whose networks that address lies in'),
    firstDisputedAt: z.iso.datetime(),
    lastDisputedAt: z.iso.datetime(),
    awardedTo: identifier.optional().describe('the tenant that it belongs to, once that is decided'),
    reason: z.string().optional(),
    decidedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'SerialDispute', example });
export const disputeList = z.object({ data: z.array(dispute) }).meta({ id: 'SerialDisputes' });

export const award = z
  .strictObject({
    tenantId: identifier.describe('one of claimedBy'),
    reason: z.string().trim().min(1).max(500).describe('how that was found out'),
  })
  .meta({ id: 'SerialAward', example: { tenantId: example.claimedBy[0], reason: 'Invoice of the terminal' } });
export type Award = z.output<typeof award>;
