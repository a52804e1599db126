import { z } from 'zod';
import { californiaWeek } from './example';
import { policySchema } from './policy.schemas';

const minutes = z
  .number()
  .int()
  .min(0)
  .max(1440)
  .transform((value) => value * 60);
const segment = z.string().regex(/^\d{1,2}:\d{2}-\d{1,2}:\d{2}$/);
const time = z.string().regex(/^\d{1,2}:\d{2}$/);
const instant = z.iso.datetime({ offset: true });

/** A shift on one date, or on one weekday (0 = Sunday) of the whole span; its times as segments, or as a start and an end. */
const shiftSchema = z
  .strictObject({
    id: z.string().min(1).max(100).optional(),
    date: z.iso.date().optional(),
    dayOfWeek: z.number().int().min(0).max(6).optional(),
    segments: z.array(segment).min(1).max(6).optional(),
    startTime: time.optional(),
    endTime: time.optional(),
    breakMinutes: minutes.default(0),
    windowBeforeMinutes: minutes.default(3600),
    windowAfterMinutes: minutes.default(7200),
    lateGraceMinutes: minutes.optional(),
    earlyGraceMinutes: minutes.optional(),
  })
  .refine((shift) => (shift.date === undefined) !== (shift.dayOfWeek === undefined), 'give either date or dayOfWeek')
  .refine(
    (shift) => (shift.segments === undefined) === (shift.startTime !== undefined && shift.endTime !== undefined),
    'give either segments or startTime and endTime',
  );

const leaveSchema = z
  .strictObject({
    date: z.iso.date(),
    code: z.string().min(1).max(60).default('leave'),
    start: instant.optional(),
    end: instant.optional(),
    startTime: time.optional().describe("on the person's clock"),
    endTime: time.optional().describe('on the same date, up to 24:00'),
  })
  .refine((leave) => (leave.start === undefined) === (leave.end === undefined), 'give both start and end, or neither')
  .refine(
    (leave) => (leave.startTime === undefined) === (leave.endTime === undefined),
    'give both startTime and endTime, or neither',
  )
  .refine(
    (leave) => leave.start === undefined || leave.startTime === undefined,
    'give the hours as instants or as local times, not both',
  );

/** A what-if: everything that decides about the days of one employee, in one request. Nothing of it is stored. */
export const previewSchema = z
  .strictObject({
    timeZone: z.string().min(1).max(64).describe('IANA time zone, such as Europe/Berlin'),
    policy: policySchema.prefault({}),
    shifts: z.array(shiftSchema).max(200).default([]),
    holidays: z
      .array(z.strictObject({ date: z.iso.date(), name: z.string().min(1).max(100) }))
      .max(62)
      .default([]),
    leave: z.array(leaveSchema).max(62).default([]),
    authorisedOvertime: z
      .array(z.strictObject({ start: instant, end: instant }))
      .max(62)
      .default([]),
    punches: z
      .array(z.strictObject({ type: z.enum(['in', 'out', 'break_start', 'break_end', 'unknown']), timestamp: instant }))
      .max(2000),
    from: z.iso.date(),
    to: z.iso.date(),
    now: instant
      .optional()
      .describe('when the question is asked; without it, late enough for every window to be closed'),
    watermark: instant
      .optional()
      .describe('until when the devices have delivered everything; a window that ends then or later is undecided'),
  })
  .meta({ id: 'RulesPreview', example: californiaWeek });

export type PreviewRequest = z.output<typeof previewSchema>;
