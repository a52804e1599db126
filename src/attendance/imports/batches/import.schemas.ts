import { z } from 'zod';
import { identifier as id } from '../../../http/input/identifiers';
import { counts } from './batch.schemas';
import { importModes } from './import-batch';
import {
  breakUnit,
  DATE_FORMATS,
  dayStart,
  decimalTimes,
  entryOrder,
  hoursUnit,
  ignoreColumns,
  importMapping,
} from '../reading/mapping';

const exampleId = '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b21';
const zone = z.string().min(1).max(64);

/** Where the rows are: an uploaded file, a text, or the rows themselves. */
const source = {
  fileId: id.optional().describe('of an upload'),
  csvText: z.string().min(1).max(900_000).optional().describe('a small file, as text'),
  rows: z
    .array(z.record(z.string().max(200), z.union([z.string(), z.number(), z.null()])))
    .min(1)
    .max(2000)
    .optional(),
  kind: z.enum(['punches', 'days']).optional().describe('left out, as the file looks'),
  profile: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('id or name of a mapping profile; left out, the one that the header is known by'),
  mapping: importMapping.optional().describe('left out, as the profile says or the header looks'),
  dateFormat: z
    .enum(DATE_FORMATS)
    .optional()
    .describe('order of day and month, before that of the mapping; needed where the file does not say it'),
  decimalTimes: decimalTimes.optional(),
  breakUnit: breakUnit.optional(),
  hoursUnit: hoursUnit.optional(),
  dayStart: dayStart.optional(),
  entryOrder: entryOrder.optional(),
  ignoreColumns: ignoreColumns.optional(),
  timeZone: zone.optional().describe("of times without an offset; left out, the tenant's"),
  mode: z
    .enum(importModes)
    .default('skip')
    .describe(
      'skip: existing punches stay as they are; override: a row replaces the punches that it contradicts, and a rollback reinstates them',
    ),
};
const hasOneSource = (body: { fileId?: unknown; csvText?: unknown; rows?: unknown }) =>
  [body.fileId, body.csvText, body.rows].filter((value) => value !== undefined).length === 1;
const oneSource = { path: ['fileId'], message: 'give one of fileId, csvText and rows' };
const exampleCsv =
  'employeeNumber,type,timestamp,deviceId\n0100,in,2026-11-16T08:58:00+01:00,gate-1\n0100,out,2026-11-16T17:31:00+01:00,gate-1\n';

export const importPreview = z
  .strictObject({
    ...source,
    previewLimit: z.number().int().min(0).max(1000).default(200).describe('items and errors shown'),
  })
  .refine(hasOneSource, oneSource)
  .meta({ id: 'ImportPreview', example: { csvText: exampleCsv, previewLimit: 20 } });
export type ImportPreview = z.output<typeof importPreview>;

export const importCommit = z
  .strictObject({
    ...source,
    commitToken: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe('of the preview, or of prepare; not needed to repeat a commit'),
    idempotencyKey: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .optional()
      .describe('a repetition answers the same batch, for ever'),
    returnItems: z
      .boolean()
      .default(false)
      .describe('answer the punches of a small file, too; those of a job are at batches/{id}/items'),
    itemsLimit: z.number().int().min(1).max(1000).default(200),
  })
  .refine(hasOneSource, oneSource)
  .refine((body) => body.commitToken !== undefined || body.idempotencyKey !== undefined, {
    path: ['commitToken'],
    message: 'is required: preview first, and send its commitToken',
  })
  .meta({ id: 'ImportCommit', example: { csvText: exampleCsv, commitToken: '…', idempotencyKey: 'november-gate-1' } });
export type ImportCommit = z.output<typeof importCommit>;

export const importUploadQuery = z.strictObject({
  filename: z.string().trim().min(1).max(255).default('upload'),
  sheet: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('of a workbook, the name of the sheet to read; left out, the only one with a table'),
});
export type ImportUploadQuery = z.output<typeof importUploadQuery>;

export const preparation = z.strictObject({}).prefault({}).meta({ id: 'ImportPreparation', example: {} });

export const prepared = z
  .object({ commitToken: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'ImportPrepared', example: { commitToken: '…', expiresAt: '2026-11-21T10:00:00.000Z' } });

const namedProfile = z.object({ id: z.string(), name: z.string(), builtIn: z.boolean() });

export const uploaded = z
  .object({
    fileId: id,
    bytes: z.number().int(),
    sha256: z.string(),
    detected: z.looseObject({ format: z.string(), kind: z.string(), columns: z.array(z.string()) }),
    profile: namedProfile.optional().describe('how it would be read'),
  })
  .meta({
    id: 'ImportFile',
    example: {
      fileId: exampleId,
      bytes: 120_431,
      sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
      detected: { format: 'csv', kind: 'punches', columns: ['employeeNumber', 'type', 'timestamp', 'deviceId'] },
    },
  });

const rowFault = z.object({
  line: z.number().int(),
  column: z.string(),
  value: z.string(),
  code: z.string(),
  detail: z.string(),
});

export const previewed = z
  .object({
    counts,
    complete: z.boolean().describe('false: the file is so large that only its first rows were looked at'),
    rows: z.number().int().describe('looked at'),
    kind: z.string(),
    mode: z.enum(importModes),
    columns: z.array(z.string()),
    mapping: z.unknown(),
    profile: namedProfile.optional().describe('read with this one; confirm it, or say profile or mapping'),
    warnings: z.array(z.string()),
    unreadColumns: z
      .array(z.string())
      .describe(
        'columns that the mapping does not name and nothing is read from; with any, `warnings` has column_unread, times_unread where the cells of one are times of day, and breaks_unread where they are lengths of breaks',
      ),
    guesses: z
      .array(
        z.object({
          about: z.string(),
          column: z
            .string()
            .optional()
            .describe(
              'of `about: column` and `breakColumn`: not read, though its cells are times of day or lengths of breaks',
            ),
          value: z.string(),
          instead: z.string(),
          supported: z.number().int(),
          of: z.number().int(),
          share: z.number(),
          mustBeSaid: z.literal(true).optional(),
        }),
      )
      .describe(
        'readings that could have been others: how many rows (`supported`, of those in which the question arises) only this one explains; with `mustBeSaid` a commit is refused until the request says it',
      ),
    items: z.array(
      z.object({
        line: z.number().int(),
        employee: z.string(),
        punches: z.array(z.object({ type: z.string(), at: z.string().optional(), local: z.string() })),
      }),
    ),
    errors: z.array(rowFault),
    commitToken: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'ImportPreviewed' });
