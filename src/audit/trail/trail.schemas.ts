import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { bareDate, instant } from '../../http/input/dates';

const dayOrInstant = z.union([bareDate, instant]);

/** What a line of the request trail says happened. */
const trailEvents = [
  'api.call',
  'api.refused',
  'api.failed',
  'auth.refused',
  'access.refused',
  'not_found',
  'quota.refused',
  'tenant.violation',
] as const;
export type TrailEvent = (typeof trailEvents)[number];

export const trailQuery = z.strictObject({
  eventType: z.enum(trailEvents).optional(),
  userId: id.optional().describe('who called'),
  startDate: dayOrInstant.optional().describe('first day (UTC) or instant, inclusive'),
  endDate: dayOrInstant.optional().describe('last day (UTC), which counts as a whole, or instant, exclusive'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(100)
    .transform((count) => Math.min(count, 1000))
    .describe('calls on a page; more than 1,000 means 1,000'),
  offset: z.coerce.number().int().min(0).max(200_000).default(0).describe('newer calls to leave out'),
});
export type TrailQuery = z.output<typeof trailQuery>;

/** One call of the API, as it is answered. */
const trailEntry = z
  .object({
    id,
    eventType: z.string(),
    userId: id.nullable(),
    resourceType: z.string().describe('the template of the route'),
    resourceId: z.string().nullable(),
    action: z.string(),
    details: z.record(z.string(), z.unknown()),
    ip: z.string().nullable(),
    status: z.enum(['success', 'failure', 'pending']),
    durationMs: z.number(),
    requestId: z.string(),
    createdAt: instant,
  })
  .meta({
    id: 'RequestTrailEntry',
    example: {
      id: '01939c2f-0a2e-7d5b-8f64-5b0f6f0f2d10',
      eventType: 'access.refused',
      userId: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001',
      resourceType: '/api/audit-logs',
      resourceId: null,
      action: 'GET /api/audit-logs',
      details: { statusCode: 403, code: 'forbidden', reason: 'This needs attendance:admin.', userAgent: 'kiosk/2.1' },
      ip: '192.0.2.10',
      status: 'failure',
      durationMs: 1.25,
      requestId: '01939c2f-09f0-7bb2-a5a3-6d8f0f1f7c11',
      createdAt: '2026-03-29T07:02:11.480Z',
    },
  });
export type TrailEntry = z.output<typeof trailEntry>;

export const trailList = z.object({ data: z.array(trailEntry) }).meta({ id: 'RequestTrail' });
