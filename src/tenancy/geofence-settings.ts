import { z } from 'zod';

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const position = z.strictObject({ latitude, longitude });
const name = z.string().trim().min(1).max(100);

const circle = z.strictObject({
  name,
  center: position,
  radiusMeters: z.number().min(10).max(100_000),
});
const polygon = z.strictObject({
  name,
  corners: z.array(position).min(3).max(100).describe('in their order around it; the last is joined to the first'),
});

const sources = ['api', 'kiosk', 'mobile', 'web'] as const;

export const geofence = z
  .strictObject({
    fences: z
      .array(z.union([circle, polygon]))
      .max(50)
      .default([])
      .describe('none: nothing is checked'),
    outside: z
      .enum(['record', 'hold', 'refuse'])
      .default('record')
      .describe(
        'what becomes of a punch outside of all fences: record counts it with the flag outside_geofence, hold keeps it until somebody else decides, refuse answers 422',
      ),
    positionRequired: z
      .array(z.enum(sources))
      .max(sources.length)
      .default([])
      .describe('sources whose punches without a position are treated as if outside, with the flag position_missing'),
    toleranceMeters: z
      .number()
      .min(0)
      .max(1000)
      .default(50)
      .describe(
        'how far the accuracyMeters of a punch may reach: a device that is unsure lies within a fence by at most so much',
      ),
  })
  .describe(
    'where punches are expected; what terminals, batches and files report is flagged and never held or refused for its place',
  );
export type GeofenceSettings = z.output<typeof geofence>;
