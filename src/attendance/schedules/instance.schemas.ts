import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { cursor, pageSize } from '../../http/paging/paging';
import { planDate } from './schedule.schemas';

const instant = z.iso.datetime();

export const instanceQuery = z.strictObject({
  from: planDate.describe('first local date'),
  to: planDate.describe('last local date, included; at most 62 days in all'),
  employeeId: id.toLowerCase().optional(),
  limit: pageSize,
  cursor,
});
export type InstanceQuery = z.output<typeof instanceQuery>;

const example = {
  id: '019c0a70-0c4d-7be3-8d37-3c1de0a4f003',
  employeeId: '01993317-6994-7f44-af47-56d61bd62a10',
  scheduleId: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b01',
  shiftId: '019c0a6e-7b10-7c02-8a44-90be1c55d702',
  date: '2026-12-07',
  localStart: '2026-12-07T22:00',
  localEnd: '2026-12-08T06:00',
  startsAt: '2026-12-07T21:00:00.000Z',
  endsAt: '2026-12-08T05:00:00.000Z',
  segments: [{ startsAt: '2026-12-07T21:00:00.000Z', endsAt: '2026-12-08T05:00:00.000Z' }],
  windowStartsAt: '2026-12-07T20:00:00.000Z',
  windowEndsAt: '2026-12-08T07:00:00.000Z',
  breakMinutes: 30,
};

/** A planned shift on a date as it is answered. */
const instanceResource = z
  .object({
    id,
    employeeId: id,
    scheduleId: id,
    shiftId: id,
    name: z.string().optional(),
    date: z.iso.date().describe('the date to which the plan gives the shift, also when it ends on the next'),
    localStart: z.string().describe("what the person's clock shows"),
    localEnd: z.string(),
    startsAt: instant,
    endsAt: instant,
    segments: z.array(z.object({ startsAt: instant, endsAt: instant })),
    windowStartsAt: instant,
    windowEndsAt: instant,
    breakMinutes: z.number().int(),
    review: z
      .enum(['START_IN_GAP', 'END_IN_GAP'])
      .optional()
      .describe('the clock jumps over a bound of this shift; add a shift for this date'),
  })
  .meta({ id: 'ShiftInstance', example });

export const instanceList = z
  .object({ data: z.array(instanceResource), nextCursor: z.string().optional() })
  .meta({ id: 'ShiftInstanceList' });
