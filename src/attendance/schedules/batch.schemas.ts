import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { planned, publishing } from './schedule.schemas';
import { newShift } from './shift.schemas';

export const scheduleBatch = z
  .strictObject({
    employeeIds: z.array(id).min(1).max(1000),
    schedule: z.strictObject(planned),
    shifts: z.array(newShift).max(100).default([]),
    publish: publishing,
    replace: z.boolean().default(false).describe('with publish: other published schedules of each person give way'),
  })
  .meta({
    id: 'ScheduleBatch',
    example: {
      employeeIds: ['01993317-6994-7f44-af47-56d61bd62a10', '01993317-6994-7f44-af47-56d61bd62a11'],
      schedule: { name: 'Spring', startDate: '2027-01-04', endDate: '2027-03-31' },
      shifts: [1, 2, 3, 4, 5].map((dayOfWeek) => ({
        dayOfWeek,
        startTime: '09:00',
        endTime: '17:30',
        breakMinutes: 30,
      })),
      publish: true,
      replace: false,
    },
  });
export type ScheduleBatch = z.output<typeof scheduleBatch>;

export const scheduleBatchResult = z
  .object({
    counts: z.object({ created: z.number().int(), refused: z.number().int() }),
    results: z.array(
      z.object({
        index: z.number().int(),
        employeeId: id,
        status: z.enum(['created', 'refused']),
        scheduleId: id.optional(),
        skippedClosedDays: z.array(z.iso.date()).optional(),
        code: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
  })
  .meta({
    id: 'ScheduleBatchResult',
    example: {
      counts: { created: 1, refused: 1 },
      results: [
        {
          index: 0,
          employeeId: '01993317-6994-7f44-af47-56d61bd62a10',
          status: 'created',
          scheduleId: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b01',
        },
        {
          index: 1,
          employeeId: '01993317-6994-7f44-af47-56d61bd62a11',
          status: 'refused',
          code: 'employee_inactive',
          detail: 'The person is deactivated; bring the person back first.',
        },
      ],
    },
  });
