import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { endDate, instant, instantWithOffset, startDate } from '../../http/input/dates';
import { itemSchema } from '../../http/input/item';
import { notBoth } from '../../http/input/either';
import { cursor, pageSize } from '../../http/paging/paging';
import { punchTypes, recordedTypes } from './presence';
import { interactiveSources, punchSources, punchStatuses } from './punch';

const exampleEmployee = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';
const examplePunch = '01939c2f-03b1-7d11-9c5e-6f0d2c2b7a10';

const punchFields = {
  employeeId: id.describe('whose punch it is'),
  type: z.enum(punchTypes),
  timestamp: instantWithOffset
    .optional()
    .describe("the device's time, with its offset; without it the server's clock is used"),
  shiftId: id.optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  accuracyMeters: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('how exact the position is, as the device says: the radius around it'),
  deviceId: z.string().trim().min(1).max(64).optional(),
  clientPunchId: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .optional()
    .describe("the app's own number of this punch: telling it twice is harmless, also without an Idempotency-Key"),
};

/** What a client sends of one punch. */
export const newPunch = z
  .strictObject({
    ...punchFields,
    source: z
      .enum([...interactiveSources, 'terminal'])
      .default('api')
      .describe('a terminal has nobody to tell: what it says is recorded and flagged, never refused for its order'),
  })
  .meta({
    id: 'NewPunch',
    example: { employeeId: exampleEmployee, type: 'in', timestamp: '2026-03-29T08:58:12+02:00', deviceId: 'kiosk-1' },
  });
export type NewPunch = z.output<typeof newPunch>;

const batchItem = z.strictObject(punchFields);
// What a device measures may be impossible; what its program writes beside it is looked at when it is built.
const measured = {
  timestamp: z.string().optional().meta({ description: punchFields.timestamp.description, format: 'date-time' }),
  latitude: z.number().optional().meta({ minimum: -90, maximum: 90 }),
  longitude: z.number().optional().meta({ minimum: -180, maximum: 180 }),
  accuracyMeters: z.number().optional().meta({ minimum: 0, maximum: 1_000_000 }),
};
const punchItem = itemSchema(batchItem.extend(measured), batchItem);
export type PunchItem = z.output<typeof punchItem>;

export const punchBatch = z.strictObject({ punches: z.array(punchItem).min(1).max(1000) }).meta({
  id: 'PunchBatch',
  example: {
    punches: [
      { employeeId: exampleEmployee, type: 'in', timestamp: '2026-03-28T09:00:00Z', clientPunchId: 'a-1' },
      { employeeId: exampleEmployee, type: 'out', timestamp: '2026-03-28T17:30:00Z', clientPunchId: 'a-2' },
    ],
  },
});
export type PunchBatch = z.output<typeof punchBatch>;

export const punchCorrection = z
  .strictObject({
    type: z.enum(punchTypes).optional(),
    timestamp: instantWithOffset.optional(),
    reason: z.string().trim().min(3).max(500).describe('why; it stands in the ledger'),
  })
  .refine((body) => body.type !== undefined || body.timestamp !== undefined, {
    message: 'Say what changes: type, timestamp or both.',
  })
  .meta({
    id: 'PunchCorrection',
    example: { timestamp: '2026-03-29T09:05:00+02:00', reason: 'Kiosk clock was 7 minutes behind' },
  });
export type PunchCorrection = z.output<typeof punchCorrection>;

export const punchRemoval = z
  .strictObject({ reason: z.string().trim().min(3).max(500) })
  .meta({ id: 'PunchRemoval', example: { reason: 'Punched for the wrong person' } });
export type PunchRemoval = z.output<typeof punchRemoval>;

export const quarantineDecision = z
  .strictObject({
    status: z
      .enum(['accepted', 'void'])
      .describe('accepted: it counts, in a closed pay period as an adjustment; void: it never counts'),
    reason: z.string().trim().min(3).max(500).describe('why; it stands with the punch and in the ledger'),
  })
  .meta({ id: 'QuarantineDecision', example: { status: 'accepted', reason: 'The terminal was offline for a week' } });
export type QuarantineDecision = z.output<typeof quarantineDecision>;

export const punchQuery = z
  .strictObject({
    employeeId: id.optional(),
    from: instant.optional().describe('first instant, inclusive'),
    to: instant.optional().describe('last instant, exclusive'),
    startDate: startDate.optional().describe("first date on the tenant's clock; or an instant, like from"),
    endDate: endDate
      .optional()
      .describe("last date on the tenant's clock, which counts as a whole; or an instant, like to"),
    status: z
      .enum([...punchStatuses, 'all'])
      .default('active')
      .describe(
        'quarantined: for a closed pay period, reported by people about themselves and too late, or from outside of the fences of the tenant; waiting for a decision',
      ),
    limit: pageSize,
    cursor,
  })
  .refine(...notBoth('from', 'startDate'))
  .refine(...notBoth('to', 'endDate'))
  .transform(({ startDate: start, endDate: end, ...query }) => ({
    ...query,
    from: query.from ?? start,
    to: query.to ?? end,
  }));
export type PunchQuery = z.output<typeof punchQuery>;

/** A punch as it is answered. */
export const punchResource = z
  .object({
    id,
    employeeId: id,
    type: z.enum(recordedTypes),
    occurredAt: instant,
    receivedAt: instant,
    skewMs: z.number().int().describe('receivedAt - occurredAt, in milliseconds'),
    deviceOffsetMinutes: z.number().int().optional().describe('offset that the device wrote behind its time'),
    source: z.enum(punchSources),
    flags: z.array(z.string()).describe('what is odd about it, as of its recording'),
    status: z.enum(punchStatuses),
    version: z.number().int(),
    createdBy: id,
    deviceId: z.string().optional(),
    shiftId: id.optional(),
    latitude: z.number().optional(),
    longitude: z.number().optional(),
    accuracyMeters: z.number().optional(),
    clientPunchId: z.string().optional(),
    replaces: id.optional().describe('the punch that this one corrects'),
    supersededBy: id.optional().describe('the punch that corrects this one'),
    reason: z.string().optional(),
    duplicate: z.literal(true).optional().describe('this punch was reported before; nothing new was recorded'),
  })
  .meta({
    id: 'Punch',
    example: {
      id: examplePunch,
      employeeId: exampleEmployee,
      type: 'in',
      occurredAt: '2026-03-29T06:58:12.000Z',
      receivedAt: '2026-03-29T06:58:12.480Z',
      skewMs: 480,
      deviceOffsetMinutes: 120,
      source: 'kiosk',
      flags: [],
      status: 'active',
      version: 1,
      createdBy: exampleEmployee,
      deviceId: 'kiosk-1',
    },
  });

export const punchList = z
  .object({ data: z.array(punchResource), nextCursor: z.string().optional() })
  .meta({ id: 'PunchList' });

export const punchBatchResult = z
  .object({
    counts: z.object({ created: z.number().int(), duplicate: z.number().int(), refused: z.number().int() }),
    results: z.array(
      z.object({
        index: z.number().int(),
        status: z.enum(['created', 'duplicate', 'refused']),
        id: id.optional(),
        flags: z.array(z.string()).optional(),
        quarantined: z
          .literal(true)
          .optional()
          .describe('its pay period is closed, it is too old, or from outside of the fences; it waits for a decision'),
        code: z.string().optional(),
        detail: z
          .string()
          .optional()
          .describe('why it was refused; where a member is at fault, it begins with its name'),
      }),
    ),
  })
  .meta({
    id: 'PunchBatchResult',
    example: {
      counts: { created: 1, duplicate: 1, refused: 0 },
      results: [
        { index: 0, status: 'created', id: examplePunch },
        { index: 1, status: 'duplicate', id: exampleEmployee },
      ],
    },
  });
