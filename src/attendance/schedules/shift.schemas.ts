import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { localDate } from '../../http/input/dates';

const clock = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const time = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern, 'must be a time such as 09:00')
    .transform((text) => text.slice(0, 5));
const startTime = time(new RegExp(`^${clock}(?::00)?$`));
const endTime = time(new RegExp(`^(?:${clock}|24:00)(?::00)?$`)).describe(
  'at or before the start it lies on the next day',
);
const segments = z
  .array(z.string().regex(new RegExp(`^${clock}-(?:${clock}|24:00)$`), 'must be hours such as 09:00-12:00'))
  .min(1)
  .max(6)
  .describe('hours of a split shift, in their order; instead of startTime and endTime');
const upTo = (minutes: number) => z.number().int().min(0).max(minutes);
const name = z.string().trim().min(1).max(100);

const day = {
  dayOfWeek: upTo(6).optional().describe('0 = Sunday … 6 = Saturday; in a weekly schedule'),
  cycleDay: z.number().int().min(1).max(366).optional().describe('day of the rotation, from 1; in a rotation'),
  date: localDate.optional().describe('for this date alone, instead of what the week or the rotation says'),
};
const hours = {
  startTime: startTime.optional(),
  endTime: endTime.optional(),
  segments: segments.optional(),
  dayOff: z.literal(true).optional().describe('makes the date a day off'),
};

export const newShift = z
  .strictObject({
    ...day,
    ...hours,
    name: name.optional(),
    breakMinutes: upTo(720)
      .default(0)
      .describe(
        'unpaid break of the shift; as far as it was not punched (as break, or out and in) it is taken off, from the length of work in `plannedBreakAfterMinutes` of the rules on',
      ),
    windowBeforeMinutes: upTo(720).default(60).describe('punches from this long before the start belong to the shift'),
    windowAfterMinutes: upTo(720).default(120).describe('punches until this long after the end belong to the shift'),
    lateGraceMinutes: upTo(720).optional().describe('left out, the grace of the policy'),
    earlyGraceMinutes: upTo(720).optional(),
  })
  .superRefine((body, context) => {
    const days = [body.dayOfWeek, body.cycleDay, body.date].filter((value) => value !== undefined);
    if (days.length !== 1) refuse(context, 'dayOfWeek', 'give one of dayOfWeek, cycleDay and date');
    const ways = [body.segments, body.startTime ?? body.endTime, body.dayOff].filter((value) => value !== undefined);
    if (ways.length !== 1) {
      refuse(context, 'startTime', 'give either startTime and endTime, or segments, or dayOff');
    } else if (body.startTime === undefined && body.endTime !== undefined) {
      refuse(context, 'startTime', 'is required with endTime');
    } else if (body.startTime !== undefined && body.endTime === undefined) {
      refuse(context, 'endTime', 'is required with startTime');
    }
    if (body.dayOff && body.date === undefined) {
      refuse(context, 'dayOff', 'goes with a date; a weekday without shifts is a day off anyway');
    }
  })
  .meta({ id: 'NewShift', example: { dayOfWeek: 1, startTime: '09:00', endTime: '17:30', breakMinutes: 30 } });
export type NewShift = z.output<typeof newShift>;

/** A shift for the schedule in the path, which the body may name once more. */
export const addedShift = newShift
  .safeExtend({ scheduleId: id.optional().describe('the schedule in the path, once more') })
  .meta({ id: 'AddedShift', example: { dayOfWeek: 1, startTime: '09:00', endTime: '17:30', breakMinutes: 30 } });
export type AddedShift = z.output<typeof addedShift>;

export const shiftPatch = z
  .strictObject({
    ...day,
    ...hours,
    name: name.nullable().optional(),
    breakMinutes: upTo(720).optional(),
    windowBeforeMinutes: upTo(720).optional(),
    windowAfterMinutes: upTo(720).optional(),
    lateGraceMinutes: upTo(720).nullable().optional(),
    earlyGraceMinutes: upTo(720).nullable().optional(),
  })
  .superRefine((body, context) => {
    if (Object.keys(body).length === 0) refuse(context, undefined, 'names nothing to change');
    const days = [body.dayOfWeek, body.cycleDay, body.date].filter((value) => value !== undefined);
    if (days.length > 1) refuse(context, 'dayOfWeek', 'give one of dayOfWeek, cycleDay and date');
    const ways = [body.segments, body.startTime ?? body.endTime, body.dayOff].filter((value) => value !== undefined);
    if (ways.length > 1) refuse(context, 'startTime', 'give either startTime and endTime, or segments, or dayOff');
  })
  .meta({ id: 'ShiftPatch', example: { startTime: '08:30' } });
export type ShiftPatch = z.output<typeof shiftPatch>;

function refuse(context: z.RefinementCtx, member: string | undefined, message: string): void {
  context.addIssue({ code: 'custom', path: member === undefined ? [] : [member], message });
}

export const exampleShift = {
  id: '019c0a6e-7b10-7c02-8a44-90be1c55d702',
  scheduleId: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b01',
  dayOfWeek: 1,
  segments: ['09:00-17:30'],
  startTime: '09:00',
  endTime: '17:30',
  breakMinutes: 30,
  windowBeforeMinutes: 60,
  windowAfterMinutes: 120,
  version: 1,
  createdAt: '2026-11-21T09:11:20.000Z',
  updatedAt: '2026-11-21T09:11:20.000Z',
};

/** A shift as it is answered. */
export const shiftResource = z
  .object({
    id,
    scheduleId: id,
    name: z.string().optional(),
    dayOfWeek: z.number().int().optional(),
    cycleDay: z.number().int().optional(),
    date: z.iso.date().optional(),
    segments: z.array(z.string()),
    startTime: z.string().optional(),
    endTime: z.string().optional(),
    dayOff: z.literal(true).optional(),
    breakMinutes: z.number().int(),
    windowBeforeMinutes: z.number().int(),
    windowAfterMinutes: z.number().int(),
    lateGraceMinutes: z.number().int().optional(),
    earlyGraceMinutes: z.number().int().optional(),
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Shift', example: exampleShift });

export const shiftList = z.object({ data: z.array(shiftResource) }).meta({ id: 'ShiftList' });
