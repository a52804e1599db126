import { z } from 'zod';
import { identifier } from '../../http/input/identifiers';
import { localDate } from '../../http/input/dates';

const exportKinds = ['punches', 'days', 'exceptions', 'totals'] as const;
export type ExportKind = (typeof exportKinds)[number];
const exportFormats = ['csv', 'xlsx', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];
const delimiters = [',', ';'] as const;
export type ExportDelimiter = (typeof delimiters)[number];

export const exportQuery = z
  .strictObject({
    kind: z.enum(exportKinds),
    format: z.enum(exportFormats).default('csv'),
    from: localDate.optional().describe("first date, by the person's clock"),
    to: localDate.optional().describe('last date, included'),
    employeeId: identifier.optional(),
    orgUnitId: identifier.optional(),
    periodId: identifier.optional().describe('the closed pay period whose totals are wanted; with `kind=totals` only'),
    layout: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .optional()
      .describe('id or name of the layout of a payroll file: with `kind=totals` and `format=csv` only'),
    delimiter: z.enum(delimiters).default(',').describe('between the cells of a csv'),
  })
  .refine(({ kind, periodId }) => (kind === 'totals') === (periodId !== undefined), {
    path: ['periodId'],
    message: 'totals are those of a closed pay period: say which one, and say it for `kind=totals` only',
  })
  .refine((query) => query.kind !== 'totals' || !(query.from ?? query.to ?? query.employeeId ?? query.orgUnitId), {
    path: ['kind'],
    message: 'totals are frozen as a whole: leave out `from`, `to`, `employeeId` and `orgUnitId`',
  })
  .refine(({ kind, delimiter }) => kind !== 'totals' || delimiter === ',', {
    path: ['delimiter'],
    message: 'the csv of totals is the same bytes for ever: its cells are parted by commas',
  })
  .refine(({ kind, format, layout }) => layout === undefined || (kind === 'totals' && format === 'csv'), {
    path: ['layout'],
    message: 'a payroll layout is of the totals of a closed period, as csv',
  });
export type ExportQuery = z.output<typeof exportQuery>;
