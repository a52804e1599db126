import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { cursor, pageSize } from '../../http/paging/paging';
import { date, daysBetween, fromDate, toDate, version } from '../dates/fields';

/** The longest span that one request may enter, in days. */
const LONGEST_LEAVE = 62;

const exampleEmployee = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';
const code = z.string().trim().min(1).max(60).describe('what kind of leave, in the words of the tenant');
const localTime = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/,
    "must be a time on the person's clock such as 09:00, or 24:00 at the latest",
  );

export const newLeave = z
  .strictObject({
    employeeId: id.describe('whose leave it is; never your own, unless you are an administrator'),
    date: date.optional(),
    from: date.optional().describe('first date of several, included'),
    to: date.optional().describe(`last date, included; up to ${LONGEST_LEAVE} dates, an entry for each`),
    code,
    startTime: localTime.optional().describe("on the person's clock; without times the whole date is leave"),
    endTime: localTime.optional(),
    note: z.string().trim().min(1).max(500).optional(),
  })
  .refine((body) => (body.date === undefined) === (body.from !== undefined && body.to !== undefined), {
    path: ['date'],
    message: 'is needed, or from and to in its place',
  })
  .refine((body) => body.date === undefined || (body.from === undefined && body.to === undefined), {
    path: ['date'],
    message: 'cannot stand beside from and to',
  })
  .refine((body) => (body.startTime === undefined) === (body.endTime === undefined), {
    path: ['endTime'],
    message: 'and startTime go together: give both, or neither',
  })
  .refine((body) => body.from === undefined || body.to === undefined || body.to >= body.from, {
    path: ['to'],
    message: 'must not lie before from',
    params: { code: 'end_before_start' },
  })
  .refine(
    (body) => body.from === undefined || body.to === undefined || daysBetween(body.from, body.to) < LONGEST_LEAVE,
    {
      path: ['to'],
      message: `must lie less than ${LONGEST_LEAVE} days after from; enter the rest in another request`,
      params: { code: 'span_too_long' },
    },
  )
  .meta({
    id: 'NewLeave',
    example: { employeeId: exampleEmployee, from: '2026-08-03', to: '2026-08-07', code: 'vacation' },
  });
export type NewLeave = z.output<typeof newLeave>;

export const leaveQuery = z.strictObject({
  employeeId: id.optional(),
  from: fromDate,
  to: toDate,
  code: code.optional(),
  limit: pageSize,
  cursor,
});
export type LeaveQuery = z.output<typeof leaveQuery>;

export const leaveResource = z
  .object({
    id,
    employeeId: id,
    date,
    code,
    startsAt: z.iso.datetime().optional().describe('left out with endsAt: the whole date'),
    endsAt: z.iso.datetime().optional(),
    note: z.string().optional(),
    version,
    createdAt: z.iso.datetime(),
    createdBy: id,
  })
  .meta({
    id: 'Leave',
    example: {
      id: '01939c30-55d2-7c10-9a44-5f1f0f5d2c11',
      employeeId: exampleEmployee,
      date: '2026-08-03',
      code: 'vacation',
      version: 1,
      createdAt: '2026-03-29T06:58:12.000Z',
      createdBy: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f002',
    },
  });

export const leaveList = z
  .object({ data: z.array(leaveResource), nextCursor: z.string().optional() })
  .meta({ id: 'LeaveList' });

export const leaveMade = z.object({ data: z.array(leaveResource) }).meta({ id: 'LeaveMade' });
