import { z } from 'zod';

export const DRAFT_TYPES = ['in', 'out', 'break_start', 'break_end', 'unknown'] as const;
export type DraftType = (typeof DRAFT_TYPES)[number];

/** Order of day, month and year. Which of `.`, `/` and `-` stands between them is not looked at. */
export const DATE_FORMATS = ['YYYY-MM-DD', 'MM/DD/YYYY', 'DD/MM/YYYY', 'DD.MM.YYYY'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** The same for formats that differ in what stands between day, month and year, and so read the same. */
export const dateOrder = (format: string): string => format.replaceAll('.', '/');

const column = z.string().min(1).max(200);

/** Which column means what, by the column's name. The employee is a number, an e-mail address or a terminal's PIN. */
export const mappingFields = z.strictObject({
  employee: column,
  type: column.optional().describe('direction of a punch'),
  timestamp: column.optional().describe('date and time in one column'),
  date: column.optional(),
  time: column.optional(),
  in: column.optional(),
  out: column.optional(),
  outDate: column.optional().describe('date of the end, where the file gives it one of its own'),
  in2: column.optional(),
  out2: column.optional(),
  in3: column.optional(),
  out3: column.optional(),
  breakStart: column.optional(),
  breakEnd: column.optional(),
  breakMinutes: column.optional().describe('length of the unpaid break, which is placed in the middle of the day'),
  hours: column.optional().describe('worked hours, where the file has no times; needs dayStart'),
  deviceId: column.optional(),
});
export type MappingFields = z.output<typeof mappingFields>;
export type MappingField = keyof MappingFields;

/** The columns that hold a time of day. */
export const TIME_FIELDS = [
  ...(['time', 'in', 'out', 'in2', 'out2', 'in3', 'out3', 'breakStart', 'breakEnd'] as const),
] satisfies MappingField[];

export const dayStart = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:00')
  .describe('where the hours of a day begin, in a file that has hours and no times');
export const entryOrder = z
  .enum(['file', 'reversed'])
  .describe(
    'the order in which several entries of hours of a person and date follow each other: that of the rows, which is the default, or the opposite one',
  );

export const decimalTimes = z
  .enum(['hours', 'minutes', 'days'])
  .describe(
    'what the fraction of a bare number is as a time: 8.30 and 8,30 are 8:18 in hours and 8:30 in minutes, 0.5 is noon in days as Excel stores it; left out, as the file looks',
  );

export const breakUnit = z
  .enum(['minutes', 'hours', 'clock', 'days'])
  .describe(
    'what a bare number in breakMinutes counts: 0.30 is 18 minutes in hours and 30 in clock, 0.0416667 is an hour in days; left out, as the file looks',
  );

export const hoursUnit = z
  .enum(['hours', 'clock', 'days'])
  .describe(
    'what a bare number in a column of hours counts: 7.30 is 7:18 in hours and 7:30 in clock, 0.375 is nine hours in days; left out, hours, where the file does not look like another',
  );

export const ignoreColumns = z
  .array(column)
  .max(200)
  .describe('columns of times of day that are meant for somebody else: nothing is read from them');

/** How the columns of a file become punches. */
export const importMapping = z
  .strictObject({
    fields: mappingFields,
    types: z
      .record(z.string().max(64), z.enum(DRAFT_TYPES))
      .optional()
      .describe('what the file writes for a direction, beside in, out, break_start, break_end'),
    dateFormat: z
      .enum(DATE_FORMATS)
      .optional()
      .describe('where the day, the month and the year stand in a date; left out, as the file looks'),
    timeZone: z.string().max(64).optional().describe('IANA zone of the times; the site of the import otherwise'),
    decimalTimes: decimalTimes.optional(),
    breakUnit: breakUnit.optional(),
    hoursUnit: hoursUnit.optional(),
    dayStart: dayStart.optional(),
    entryOrder: entryOrder.optional(),
    ignoreColumns: ignoreColumns.optional(),
    ignoreTexts: z.boolean().default(false).describe('a word in a time column is a status and yields no punch'),
  })
  .refine(({ fields }) => fields.timestamp ?? fields.date ?? fields.in, {
    error: 'a mapping needs a timestamp, a date, or times with dates',
    path: ['fields'],
  })
  .meta({ id: 'ImportMapping' });
export type Mapping = z.output<typeof importMapping>;
