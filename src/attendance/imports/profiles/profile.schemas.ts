import { z } from 'zod';
import { cursor, pageSize } from '../../../http/paging/paging';
import { importMapping } from '../reading/mapping';

const column = z.string().trim().min(1).max(200);
const mapping = {
  fields: { employee: 'Badge', timestamp: 'Booked at', type: 'Direction' },
  types: { K: 'in', G: 'out' },
};
const example = {
  name: 'Gates in Hamburg',
  kind: 'punches',
  mapping: { ...mapping, dateFormat: 'DD.MM.YYYY' },
  timeZone: 'Europe/Berlin',
  columns: ['Badge', 'Name', 'Booked at', 'Direction'],
};

/** Creating and replacing take the same body. */
export const importProfileBody = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('unique in the tenant, whatever its capitals'),
    kind: z.enum(['punches', 'days']),
    mapping: importMapping,
    timeZone: z.string().min(1).max(64).optional().describe("of times without an offset; left out, the tenant's"),
    columns: z
      .array(column)
      .min(2)
      .max(1000)
      .optional()
      .describe('the header that it is known by, as an upload answers it; left out, the columns of the mapping'),
  })
  .refine(
    ({ mapping: { fields }, columns }) => !columns || Object.values(fields).every((each) => columns.includes(each)),
    { path: ['mapping', 'fields'], message: 'names a column that is not among columns' },
  )
  .meta({ id: 'ImportProfileBody', example });
export type ImportProfileBody = z.output<typeof importProfileBody>;

export const importProfileResource = z
  .object({
    id: z.string().describe('for a built-in one its name'),
    name: z.string(),
    kind: z.enum(['punches', 'days']),
    builtIn: z.boolean().describe('true: known to the product; it can be named, and not be changed'),
    about: z.string().optional().describe('of a built-in one'),
    mapping: z.unknown().optional(),
    timeZone: z.string().optional(),
    columns: z.array(z.string()).optional(),
    signature: z.string().optional().describe('SHA-256 of the headings, spelling apart'),
    version: z.number().int().optional().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime().optional(),
    updatedAt: z.iso.datetime().optional(),
  })
  .meta({
    id: 'ImportProfile',
    example: {
      id: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b21',
      ...example,
      builtIn: false,
      signature: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
      version: 1,
      createdAt: '2026-11-21T09:00:00.000Z',
      updatedAt: '2026-11-21T09:00:00.000Z',
    },
  });

export const importProfileQuery = z.strictObject({ limit: pageSize, cursor });
export type ImportProfileQuery = z.output<typeof importProfileQuery>;

export const importProfileList = z
  .object({ data: z.array(importProfileResource), nextCursor: z.string().optional() })
  .meta({ id: 'ImportProfileList' });
