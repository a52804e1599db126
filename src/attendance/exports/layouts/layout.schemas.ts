import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { cursor, pageSize } from '../../../http/paging/paging';

/** What a cell of a payroll file may hold. */
const layoutValues = [
  'employeeNumber',
  'employeeId',
  'employeeName',
  'periodStart',
  'periodEnd',
  'revision',
  'payCode',
  'amount',
  'rate',
  'line',
  'date',
  'reason',
  'text',
] as const;
export type LayoutValue = (typeof layoutValues)[number];

const column = z
  .strictObject({
    heading: z.string().max(100),
    value: z
      .enum(layoutValues)
      .describe(
        '`line`: `total` or `adjustment`; `date` and `reason`: of an adjustment, empty otherwise; `rate`: of the bucket, empty where a line adds up several',
      ),
    text: z.string().max(200).optional().describe('with `value: text`: the same in every line'),
  })
  .refine(({ value, text }) => (value === 'text') === (text !== undefined), {
    path: ['text'],
    message: 'goes with `value: text`, and only with it',
  });
const payCode = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(100)
    .describe(
      'of the bucket, such as `regular` or `premium:night`; `*` at the end stands for any rest; `mealPremium` for the hours of meal premiums',
    ),
  rate: z.number().min(0).max(10).optional().describe('left out, any'),
  code: z.string().max(50).nullable().describe('`null`: these hours are known, and not part of the file'),
});

const example = {
  name: 'Payroll North',
  delimiter: ';',
  header: true,
  columns: [
    { heading: 'Personnel no.', value: 'employeeNumber' },
    { heading: 'Wage type', value: 'payCode' },
    { heading: 'Hours', value: 'amount' },
    { heading: 'Of', value: 'date' },
  ],
  payCodes: [
    { source: 'regular', code: '1000' },
    { source: 'overtime*', rate: 1.5, code: '1050' },
    { source: 'premium:*', code: '2010' },
    { source: '*', code: '1000' },
  ],
  amount: { unit: 'hours', decimals: 2, decimalMark: ',' },
  dateFormat: 'DD.MM.YYYY',
};

/** Creating and replacing take the same body. */
export const layoutBody = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('unique in the tenant, whatever its capitals'),
    delimiter: z.enum([',', ';', '\t']).default(','),
    header: z.boolean().default(true),
    columns: z.array(column).min(1).max(50),
    payCodes: z.array(payCode).min(1).max(200).describe('the first one that fits counts'),
    amount: z
      .strictObject({
        unit: z.enum(['hours', 'minutes', 'hh:mm']).default('hours'),
        decimals: z.number().int().min(0).max(4).default(2).describe('of hours; rounded half up, line by line'),
        decimalMark: z.enum(['.', ',']).default('.'),
      })
      .prefault({}),
    dateFormat: z.enum(['YYYY-MM-DD', 'DD.MM.YYYY', 'MM/DD/YYYY', 'YYYYMMDD']).default('YYYY-MM-DD'),
  })
  .refine(({ columns }) => columns.some(({ value }) => value === 'amount'), {
    path: ['columns'],
    message: 'one of them has to hold the `amount`',
  })
  .refine(({ columns }) => columns.some(({ value }) => value === 'employeeNumber' || value === 'employeeId'), {
    path: ['columns'],
    message: 'one of them has to say who is paid: `employeeNumber` or `employeeId`',
  })
  .meta({ id: 'ExportLayoutBody', example });
export type LayoutBody = z.output<typeof layoutBody>;

export const layoutResource = z
  .object({
    id: identifier,
    name: z.string(),
    delimiter: z.string(),
    header: z.boolean(),
    columns: z.array(z.looseObject({ heading: z.string(), value: z.string() })),
    payCodes: z.array(z.looseObject({ source: z.string() })),
    amount: z.looseObject({ unit: z.string() }),
    dateFormat: z.string(),
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'ExportLayout',
    example: {
      id: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b21',
      ...example,
      version: 1,
      createdAt: '2026-11-21T09:00:00.000Z',
      updatedAt: '2026-11-21T09:00:00.000Z',
    },
  });

export const layoutQuery = z.strictObject({ limit: pageSize, cursor });
export type LayoutQuery = z.output<typeof layoutQuery>;
export const layoutList = z
  .object({ data: z.array(layoutResource), nextCursor: z.string().optional() })
  .meta({ id: 'ExportLayoutList' });
