import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { cursor, pageSize } from '../../../http/paging/paging';
import { exportJobStatuses } from './export-job';

export const exportJobQuery = z.strictObject({ limit: pageSize, cursor });
export type ExportJobQuery = z.output<typeof exportJobQuery>;

const exampleId = '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b21';
export const exportJob = z
  .object({
    id: identifier,
    status: z.enum(exportJobStatuses),
    query: z.looseObject({ kind: z.string(), format: z.string() }).describe('what was asked for'),
    bytes: z.number().int().describe('made so far'),
    fileName: z.string().optional(),
    sha256: z.string().optional().describe('of the whole file'),
    download: z
      .string()
      .optional()
      .describe(
        'where the file is, once it is whole: whoever has this path can fetch it, without a token, until `expiresAt`',
      ),
    leftOut: z
      .array(
        z.object({
          line: z.enum(['total', 'adjustment']),
          source: z.string(),
          rate: z.number(),
          minutes: z.number().int().describe('of everybody; of adjustments, signed'),
        }),
      )
      .optional()
      .describe('with `layout`, once the file is whole: what it leaves out with a code of null'),
    error: z.string().optional(),
    createdBy: identifier,
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional(),
    expiresAt: z.iso.datetime(),
  })
  .meta({
    id: 'ExportJob',
    example: {
      id: exampleId,
      status: 'completed',
      query: { kind: 'punches', format: 'csv', from: '2026-11-01', to: '2026-11-30', delimiter: ',' },
      bytes: 48_210_331,
      fileName: 'punches-2026-11-01-2026-11-30.csv',
      sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
      download: '/api/attendance/export/files/019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b22~…',
      createdBy: exampleId,
      createdAt: '2026-12-01T06:00:00.000Z',
      finishedAt: '2026-12-01T06:00:21.000Z',
      expiresAt: '2026-12-02T06:00:21.000Z',
    },
  });

export const exportJobList = z
  .object({ data: z.array(exportJob), nextCursor: z.string().optional() })
  .meta({ id: 'ExportJobList' });
