import { z } from 'zod';
import { cursor, pageSize } from '../../http/paging/paging';
import { identifier as id } from '../../http/input/identifiers';

const exampleId = '01939c2f-51d0-7a3e-9b0e-0c35a3d1f0d1';

export const rejectQuery = z.strictObject({
  deviceId: id.optional(),
  status: z.enum(['open', 'dismissed', 'all']).default('open'),
  limit: pageSize,
  cursor,
});
export type RejectQuery = z.output<typeof rejectQuery>;

export const retryQuery = z.strictObject({
  clock: z
    .enum(['trusted'])
    .optional()
    .describe('trusted: also the lines whose time is in doubt, as it stands; left out, those stay in the list'),
});
export type RetryQuery = z.output<typeof retryQuery>;

export const rejectList = z
  .object({
    data: z.array(
      z.object({
        id,
        deviceId: id,
        line: z.string().describe('as the terminal wrote it'),
        reason: z
          .string()
          .describe(
            'such as pin_unknown, pin_ambiguous, ambiguous_local_time, unreadable_row, not_a_punch, table_unread, clock_reset, clock_set_back, clock_behind, punch_in_future',
          ),
        detail: z.string(),
        receivedAt: z.iso.datetime(),
        dismissal: z
          .object({ reason: z.string(), by: id, at: z.iso.datetime() })
          .optional()
          .describe('who decided to leave it out, and why'),
      }),
    ),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'DeviceRejects' });

export const retried = z
  .object({ recorded: z.number().int(), duplicate: z.number().int(), rejected: z.number().int() })
  .meta({ id: 'RejectsRetried', example: { recorded: 2, duplicate: 0, rejected: 1 } });

export const dismissal = z
  .strictObject({
    rejectIds: z
      .array(id)
      .min(1)
      .max(100)
      .refine((ids) => new Set(ids).size === ids.length, 'names a line twice'),
    reason: z.string().trim().min(1).max(500).describe('why none of them is a punch; it stands in the ledger'),
  })
  .meta({ id: 'RejectDismissal', example: { rejectIds: [exampleId], reason: 'The clock was reset by a power cut' } });
export type Dismissal = z.output<typeof dismissal>;

export const dismissed = z
  .object({ dismissed: z.number().int() })
  .meta({ id: 'RejectsDismissed', example: { dismissed: 1 } });
