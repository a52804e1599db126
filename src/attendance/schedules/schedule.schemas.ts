import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { localDate } from '../../http/input/dates';
import { cursor, pageSize } from '../../http/paging/paging';
import { scheduleStatuses } from './schedule';
import { exampleShift, newShift, shiftResource } from './shift.schemas';

/** Plans are made for years that somebody will work in; a wrong century is a typing error. */
export const planDate = localDate.refine(
  (date) => date >= '2000-01-01' && date <= '2100-12-31',
  'must lie between 2000-01-01 and 2100-12-31',
);
const name = z.string().trim().min(1).max(200);
const rotation = z
  .strictObject({
    cycleDays: z.number().int().min(1).max(366),
    anchor: planDate.describe('a date on which the pattern stands at day 1; it may lie before the schedule'),
  })
  .meta({ example: { cycleDays: 8, anchor: '2026-01-05' } });

export const planned = {
  name: name.optional().describe('left out, its dates'),
  startDate: planDate.describe('first local date'),
  endDate: planDate.optional().describe('last local date, included; left out, the schedule goes on'),
  rotation: rotation.optional().describe('left out, the schedule is weekly'),
};
export const publishing = z
  .boolean()
  .default(false)
  .describe('publish it at once: it is checked, and its shifts get their instants');

export const newSchedule = z
  .strictObject({
    employeeId: id.describe('for whom'),
    ...planned,
    shifts: z.array(newShift).max(500).default([]).describe('its shifts, if they are known already'),
    publish: publishing,
  })
  .meta({
    id: 'NewSchedule',
    example: {
      employeeId: '01993317-6994-7f44-af47-56d61bd62a10',
      name: 'Early shift',
      startDate: '2026-12-07',
      endDate: '2027-06-30',
    },
  });
export type NewSchedule = z.output<typeof newSchedule>;

export const schedulePatch = z
  .strictObject({
    name: name.optional(),
    startDate: planDate.optional(),
    endDate: planDate.nullable().optional().describe('null: it goes on'),
    rotation: rotation.nullable().optional().describe('null: weekly; only while it has no shifts of the other kind'),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'SchedulePatch', example: { endDate: '2027-03-31' } });
export type SchedulePatch = z.output<typeof schedulePatch>;

export const publication = z
  .strictObject({
    replace: z
      .boolean()
      .default(false)
      .describe("end the person's other published schedules on the day before this one starts"),
  })
  .prefault({})
  .meta({ id: 'Publication', example: { replace: true } });
export type PublishBody = z.output<typeof publication>;

export const scheduleQuery = z.strictObject({
  employeeId: id.optional(),
  status: z
    .enum([...scheduleStatuses, 'all'])
    .optional()
    .describe('left out: all but deleted ones'),
  from: planDate.optional().describe('those that reach this date or a later one'),
  to: planDate.optional().describe('those that have begun on this date'),
  limit: pageSize,
  cursor,
});
export type ScheduleQuery = z.output<typeof scheduleQuery>;

const members = {
  id,
  employeeId: id,
  name: z.string(),
  startDate: z.iso.date(),
  endDate: z.iso.date().optional(),
  rotation: rotation.optional(),
  status: z.enum(scheduleStatuses),
  publishedAt: z.iso.datetime().optional(),
  materialisedUntil: z.iso.date().optional().describe('the last date up to which the shifts have their instants'),
  version: z.number().int().describe('the ETag, for If-Match; it grows with the shifts too'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};
const exampleSchedule = {
  id: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b01',
  employeeId: '01993317-6994-7f44-af47-56d61bd62a10',
  name: 'Early shift',
  startDate: '2026-12-07',
  endDate: '2027-06-30',
  status: 'published' as const,
  publishedAt: '2026-11-21T09:12:44.000Z',
  materialisedUntil: '2027-04-06',
  version: 3,
  createdAt: '2026-11-21T09:10:02.000Z',
  updatedAt: '2026-11-21T09:12:44.000Z',
};
const skippedClosedDays = z
  .array(z.iso.date())
  .optional()
  .describe('dates whose pay period is closed: they got no shifts and stay as they were paid');

export const scheduleResource = z
  .object({ ...members, skippedClosedDays, shifts: z.array(shiftResource).optional() })
  .meta({ id: 'Schedule', example: exampleSchedule });
export const scheduleWithShifts = z
  .object({ ...members, shifts: z.array(shiftResource) })
  .meta({ id: 'ScheduleWithShifts', example: { ...exampleSchedule, shifts: [exampleShift] } });
export const publishedSchedule = z
  .object({ ...members, skippedClosedDays: skippedClosedDays.unwrap() })
  .meta({ id: 'PublishedSchedule', example: { ...exampleSchedule, skippedClosedDays: [] } });
export const scheduleList = z
  .object({ data: z.array(z.object(members)), nextCursor: z.string().optional() })
  .meta({ id: 'ScheduleList' });
