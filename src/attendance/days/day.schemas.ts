import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { localDate } from '../../http/input/dates';
import { pageSize, cursor } from '../../http/paging/paging';

const date = z.iso.date();
const minutes = z.number().int();
const instant = z.iso.datetime();
const exampleEmployee = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';

const totals = {
  payableMinutes: minutes.describe('what is paid: regular + overtime + double time'),
  regularMinutes: minutes,
  overtimeMinutes: minutes.describe('paid at more than 1 and less than 2'),
  doubleTimeMinutes: minutes.describe('paid at 2 or more'),
  premiumMinutes: minutes.describe("of the above, at a premium window's or a holiday's rate"),
};
const interval = z.object({ start: instant, end: instant });

export const dayQuery = z.strictObject({
  employeeId: id.optional(),
  orgUnitId: id.optional(),
  from: localDate.optional().describe('first work date'),
  to: localDate.optional().describe('last work date, included'),
  status: z.string().max(40).optional().describe('such as PRESENT, ABSENT, MISSING_OUT'),
  approval: z.enum(['pending', 'approved']).optional(),
  limit: pageSize,
  cursor,
});
export type DayQuery = z.output<typeof dayQuery>;

const dayShape = {
  employeeId: id,
  employeeName: z.string(),
  date,
  status: z.string().describe('what the day comes to in one word'),
  scheduledMinutes: minutes,
  workedMinutes: minutes,
  ...totals,
  breakMinutes: minutes,
  paidBreakMinutes: minutes,
  lateMinutes: minutes,
  earlyLeaveMinutes: minutes,
  mealPremiumMinutes: minutes,
  firstIn: instant.nullable(),
  lastOut: instant.nullable(),
  holiday: z.string().nullable(),
  leave: z.array(z.string()),
  intervals: z.array(interval).describe('from in to out, as punched'),
  breaks: z.array(interval),
  buckets: z.array(z.object({ source: z.string(), rate: z.number(), minutes })),
  openExceptions: z.number().int(),
  approval: z.enum(['pending', 'approved']),
  approvedBy: id.optional(),
  approvedAt: instant.optional(),
  approvalResetAt: instant.optional().describe('when an approval fell back because what was approved had changed'),
  revision: z.number().int().describe('grows with every change; the ETag'),
  computedAt: instant,
};

const exampleDay = {
  employeeId: exampleEmployee,
  employeeName: 'Emma Employee',
  date: '2026-03-02',
  status: 'PRESENT',
  scheduledMinutes: 480,
  workedMinutes: 507,
  payableMinutes: 507,
  regularMinutes: 480,
  overtimeMinutes: 27,
  doubleTimeMinutes: 0,
  premiumMinutes: 0,
  breakMinutes: 30,
  paidBreakMinutes: 0,
  lateMinutes: 0,
  earlyLeaveMinutes: 0,
  mealPremiumMinutes: 0,
  firstIn: '2026-03-02T07:58:00Z',
  lastOut: '2026-03-02T16:55:00Z',
  holiday: null,
  leave: [],
  intervals: [{ start: '2026-03-02T07:58:00Z', end: '2026-03-02T16:55:00Z' }],
  breaks: [{ start: '2026-03-02T12:00:00Z', end: '2026-03-02T12:30:00Z' }],
  buckets: [
    { source: 'regular', rate: 1, minutes: 480 },
    { source: 'daily', rate: 1.5, minutes: 27 },
  ],
  openExceptions: 0,
  approval: 'pending',
  revision: 3,
  computedAt: '2026-03-02T17:00:00.000Z',
} as const;

const dayResource = z.object(dayShape).meta({ id: 'Day', example: exampleDay });
export const dayList = z
  .object({ data: z.array(dayResource), nextCursor: z.string().optional() })
  .meta({ id: 'DayList' });

export const explainedDay = z
  .object({
    ...dayShape,
    timeZone: z.string(),
    policyId: id.optional().describe('the version of the rules; absent means the defaults'),
    explanation: z.array(z.string()).describe('how it was computed, step by step'),
    punches: z.array(z.object({ id, type: z.string(), at: instant, use: z.enum(['counted', 'duplicate']) })),
    exceptions: z.array(
      z.object({
        id: id.optional(),
        code: z.string(),
        anchor: z.string(),
        at: instant,
        minutes,
        status: z.string(),
      }),
    ),
    closed: z.boolean().describe('in a closed pay period: this day never changes'),
  })
  .meta({
    id: 'ExplainedDay',
    example: {
      ...exampleDay,
      timeZone: 'Europe/Berlin',
      explanation: [
        'Planned: 09:00 to 17:30.',
        'Present: 08:58 to 17:55.',
        'Breaks: 13:00 to 13:30; 0 min are paid, 30 min are not.',
        'Paid: 8 h 27 min = 8 h regular + 27 min at 1.5 (overtime of the day).',
        'The day counts as: present.',
      ],
      punches: [{ id: exampleEmployee, type: 'in', at: '2026-03-02T07:58:00Z', use: 'counted' }],
      exceptions: [],
      closed: false,
    },
  });

export const summaryQuery = z.strictObject({
  by: z.enum(['employee', 'day', 'week', 'period']).default('employee'),
  from: localDate,
  to: localDate.describe('last work date, included; at most 366 days after `from`'),
  employeeId: id.optional(),
  orgUnitId: id.optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  cursor,
});
export type SummaryQuery = z.output<typeof summaryQuery>;

const summed = {
  days: z.number().int().describe('days on record'),
  scheduledMinutes: minutes,
  workedMinutes: minutes,
  ...totals,
  breakMinutes: minutes,
  lateMinutes: minutes,
  earlyLeaveMinutes: minutes,
  absences: z.number().int(),
  openExceptions: z.number().int(),
  approvedDays: z.number().int(),
};
const exampleTotals = {
  days: 22,
  scheduledMinutes: 10_560,
  workedMinutes: 10_620,
  payableMinutes: 10_620,
  regularMinutes: 10_560,
  overtimeMinutes: 60,
  doubleTimeMinutes: 0,
  premiumMinutes: 0,
  breakMinutes: 660,
  lateMinutes: 12,
  earlyLeaveMinutes: 0,
  absences: 0,
  openExceptions: 1,
  approvedDays: 20,
};

export const summaryResource = z
  .object({
    by: z.enum(['employee', 'day', 'week', 'period']),
    from: date,
    to: date,
    data: z.array(
      z.object({
        employeeId: id.optional(),
        employeeNumber: z.string().optional(),
        name: z.string().optional(),
        periodId: id.optional(),
        start: date.optional().describe('first date of the day, week or period'),
        end: date.optional(),
        ...summed,
      }),
    ),
    totals: z.object(summed).describe('of the rows of this page, added up in seconds'),
    nextCursor: z.string().optional(),
  })
  .meta({
    id: 'Summary',
    example: {
      by: 'employee',
      from: '2026-03-01',
      to: '2026-03-31',
      data: [
        {
          employeeId: exampleEmployee,
          employeeNumber: '0003',
          name: 'Emma Employee',
          ...exampleTotals,
        },
      ],
      totals: exampleTotals,
    },
  });
