import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { itemSchema } from '../../http/input/item';
import { cursor, pageSize } from '../../http/paging/paging';
import { date, exampleUnit, fromDate, orgUnitId, toDate, version } from '../dates/fields';

const name = z.string().trim().min(1).max(100);
const exampleId = '01939c30-11aa-7b01-8f00-3b7a5d9e0c01';

const told = { date, name, orgUnitId: orgUnitId.optional() };

export const newHoliday = z
  .strictObject(told)
  .meta({ id: 'NewHoliday', example: { date: '2026-12-25', name: 'Christmas Day' } });
export type NewHoliday = z.output<typeof newHoliday>;

export const holidayPatch = z
  .strictObject({ date: date.optional(), name: name.optional(), orgUnitId: orgUnitId.nullable().optional() })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'HolidayPatch', example: { name: 'Christmas' } });
export type HolidayPatch = z.output<typeof holidayPatch>;

const batchItem = z.strictObject(told);
const holidayItem = itemSchema(batchItem.extend({ date: z.string().meta({ format: 'date' }) }), batchItem);
export const holidayBatch = z.strictObject({ holidays: z.array(holidayItem).min(1).max(400) }).meta({
  id: 'HolidayBatch',
  example: {
    holidays: [
      { date: '2026-01-01', name: "New Year's Day" },
      { date: '2026-01-06', name: 'Epiphany', orgUnitId: exampleUnit },
    ],
  },
});
export type HolidayBatch = z.output<typeof holidayBatch>;

export const holidayQuery = z.strictObject({
  from: fromDate,
  to: toDate,
  orgUnitId: id.optional().describe('what applies there: its own holidays and those for everybody'),
  limit: pageSize,
  cursor,
});
export type HolidayQuery = z.output<typeof holidayQuery>;

export const holidayResource = z
  .object({
    id,
    date,
    name,
    orgUnitId: orgUnitId.optional(),
    version,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'Holiday',
    example: {
      id: exampleId,
      date: '2026-12-25',
      name: 'Christmas Day',
      version: 1,
      createdAt: '2026-03-29T06:58:12.000Z',
      updatedAt: '2026-03-29T06:58:12.000Z',
    },
  });

export const holidayList = z
  .object({ data: z.array(holidayResource), nextCursor: z.string().optional() })
  .meta({ id: 'HolidayList' });

export const holidayBatchResult = z
  .object({
    counts: z.object({ created: z.number().int(), refused: z.number().int() }),
    results: z.array(
      z.object({
        index: z.number().int(),
        status: z.enum(['created', 'refused']),
        id: id.optional(),
        code: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
  })
  .meta({
    id: 'HolidayBatchResult',
    example: {
      counts: { created: 1, refused: 1 },
      results: [
        { index: 0, status: 'created', id: exampleId },
        { index: 1, status: 'refused', code: 'date_taken', detail: 'There is a holiday on this date already.' },
      ],
    },
  });
