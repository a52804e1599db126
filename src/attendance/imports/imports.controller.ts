import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { unsupportedMediaType } from '../../http/json-body';
import { Problem } from '../../http/problem';
import { Produces } from '../../http/produces.decorator';
import { StreamedBody } from '../../http/streamed-body';
import { IpRestricted } from '../../rate-limit/ip-restricted.decorator';
import type { Write } from '../../writes/write';
import { csvLine } from '../exports/csv';
import { BatchListing } from './batch-listing';
import { CommitService } from './commit.service';
import { ErrorFile } from './error-file/error-file.service';
import {
  batchList,
  type BatchQuery,
  batchQuery,
  committed,
  type ErrorQuery,
  errorQuery,
  type ImportCommit,
  importCommit,
  importJob,
  type ImportPreview,
  importPreview,
  type ImportUploadQuery,
  importUploadQuery,
  preparation,
  prepared,
  previewed,
  uploaded,
} from './import.schemas';
import { PreviewService } from './preview.service';
import { RollbackService } from './rollback.service';
import { Sources } from './sources';
import { templateCsv, templateFormat, templateJson } from './template';

/** Of a list, which is made in memory. */
const MOST_ERRORS = 100_000;

const templateQuery = z.strictObject({
  format: z.enum(['json', 'csv']).optional().describe('left out, what Accept asks for'),
  kind: z.enum(['punches', 'days']).default('punches'),
});

@ApiTags('import')
@Controller('api/attendance/import')
@Allow('attendance:admin')
@IpRestricted()
export class ImportsController {
  constructor(
    private readonly previews: PreviewService,
    private readonly commits: CommitService,
    private readonly rollbacks: RollbackService,
    private readonly listing: BatchListing,
    private readonly sources: Sources,
    private readonly errorFile: ErrorFile,
  ) {}

  @Get('template')
  @Produces('application/json', 'text/csv')
  @ApiOperation({
    summary: 'How to import: every call with a body that works, and files to fill in',
    description:
      '`format=csv`, or `Accept: text/csv`, answers the plain file of punches, or of days with one row for a person and a date (`kind=days`).',
  })
  @ApiOkResponse({ standardSchema: z.looseObject({ calls: z.array(z.unknown()) }).meta({ id: 'ImportTemplate' }) })
  template(
    @Req() request: FastifyRequest,
    @Query({ schema: templateQuery }) { format, kind }: z.output<typeof templateQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): unknown {
    if ((format ?? templateFormat(request.headers.accept)) === 'json') return templateJson();
    void reply.header('content-type', 'text/csv; charset=utf-8');
    void reply.header('content-disposition', `attachment; filename="rollcall-${kind}.csv"`);
    return templateCsv(kind);
  }

  @Post('prepare')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Get a commit token before there is a file',
    description:
      'For clients that commit without a preview. Good for an hour, and until people, pay periods or imports change.',
  })
  @ApiOkResponse({ standardSchema: prepared })
  prepare(@Req() request: FastifyRequest, @Body({ schema: preparation }) _body: unknown) {
    return this.previews.prepare(callerOf(request));
  }

  @Post('upload')
  @StreamedBody()
  @Audited('import_file', 'create')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOperation({
    summary: 'Upload a file',
    description:
      'The file itself is the body, up to 500 MiB, under any media type but JSON. What it is is read off its content: CSV (any delimiter, UTF-8, UTF-16, Windows-1252, GB18030), XLSX, NDJSON, terminal files, and the layouts of Clockify, Toggl, Harvest and DingTalk. ' +
      'With `Content-Digest: sha-256=:…:` what arrives is compared with what was sent. Kept for seven days.',
  })
  @ApiCreatedResponse({ standardSchema: uploaded })
  async upload(
    @Req() request: FastifyRequest,
    @Query({ schema: importUploadQuery }) { filename: fileName }: ImportUploadQuery,
    @Headers('content-type') mediaType?: string,
    @Headers('content-digest') digest?: string,
  ): Promise<Write> {
    if (!(request.body instanceof Readable)) throw unsupportedMediaType();
    const hints = { fileName, mediaType, expected: digestOf(digest) };
    const { write, sha256 } = await this.commits.upload(callerOf(request), request.body, hints);
    request.body = { sha256 }; // what a repetition with the same key is compared by
    return write;
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'See what a commit would do',
    description:
      'Reads the file, finds the people, compares with what is there, and writes nothing. Counts, the first rows as they were understood, the first errors with line, column, value and remedy, and the token for the commit.',
  })
  @ApiOkResponse({ standardSchema: previewed })
  async preview(@Req() request: FastifyRequest, @Body({ schema: importPreview }) body: ImportPreview) {
    const by = callerOf(request);
    const { told, profile } = await this.sources.confirmed(by.tenantId, body);
    return { ...(await this.previews.preview(by, told)), ...(profile ? { profile } : {}) };
  }

  @Post('commit')
  @Audited('import_batch', 'create')
  @ApiOperation({
    summary: 'Load what was previewed',
    description:
      'The same body as the preview, with its `commitToken`. Up to 2,000 rows are loaded while you wait (200), more as a job (202). Every bad row is an error of that row, the others stand. What was told before is skipped, never overwritten; what lies in a closed pay period goes into quarantine. ' +
      'Repeated with the same `idempotencyKey` it answers the same batch, also years later.',
  })
  @ApiOkResponse({ standardSchema: committed, description: 'Loaded, or loaded before' })
  @ApiAcceptedResponse({ standardSchema: committed, description: 'A job loads it: GET /jobs/{id}' })
  commit(@Req() request: FastifyRequest, @Body({ schema: importCommit }) body: ImportCommit): Promise<Write> {
    return this.commits.commit(callerOf(request), body);
  }

  @Post('rollback/:id')
  @Audited('import_batch', 'rollback')
  @ApiOperation({
    summary: 'Undo a batch',
    description:
      'Its punches become void: readable, with the line that they came from, and counted nowhere. Refused where one was corrected or deleted since (409 `import_superseded`), or lies in a pay period that was closed (409 `period_closed`).',
  })
  @ApiOkResponse({ standardSchema: committed, description: 'Undone' })
  @ApiAcceptedResponse({ standardSchema: committed, description: 'A job undoes it' })
  rollback(@Req() request: FastifyRequest, @Param('id', idParam('import batch')) id: string): Write {
    return this.rollbacks.rollback(callerOf(request), id);
  }

  @Get('jobs/:id')
  @ApiOperation({ summary: 'See how far a job is' })
  @ApiOkResponse({ standardSchema: importJob })
  job(@Req() request: FastifyRequest, @Param('id', idParam('import job')) id: string) {
    return this.listing.job(callerOf(request), id);
  }

  @Delete('jobs/:id')
  @Audited('import_batch', 'cancel')
  @ApiOperation({
    summary: 'Cancel a job',
    description: 'It stops behind the chunk under way. What was loaded stays until the batch is rolled back.',
  })
  @ApiOkResponse({ standardSchema: committed })
  cancel(@Req() request: FastifyRequest, @Param('id', idParam('import job')) id: string): Write {
    return this.rollbacks.cancel(callerOf(request), id);
  }

  @Get('batches')
  @ApiOperation({ summary: 'List batches, newest first' })
  @ApiOkResponse({ standardSchema: batchList })
  batches(@Req() request: FastifyRequest, @Query({ schema: batchQuery }) query: BatchQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Get('batches/:id/errors')
  @Produces('text/csv')
  @ApiOperation({
    summary: 'Download the rejected rows, or why they were rejected',
    description:
      '`as=list`: line, column, value, code and remedy of each error. `as=rows`: the rejected rows themselves in the columns of the file, with `error_code`, `error_column`, `error_detail` and `line` behind them, as CSV whatever the file was: correct it, leave the last four columns where they are, and upload it with the same mapping or profile. ' +
      'What a spreadsheet would run as a formula has an apostrophe in front, which is taken off again when the file comes back. Files are kept for seven days: 410 `import_file_gone` after that.',
  })
  @ApiOkResponse({ description: 'CSV', content: { 'text/csv': { schema: { type: 'string' } } } })
  async errors(
    @Req() request: FastifyRequest,
    @Param('id', idParam('import batch')) id: string,
    @Query({ schema: errorQuery }) { as, limit }: ErrorQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const by = callerOf(request);
    const csv =
      as === 'rows'
        ? await this.errorFile.open(by, id, limit ?? Infinity)
        : await this.listing.errors(by, id, Math.min(limit ?? MOST_ERRORS, MOST_ERRORS), csvLine);
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${as === 'rows' ? 'rejected' : 'errors'}-${id}.csv"`)
      .send(csv);
  }
}

/** The SHA-256 of a Content-Digest header (RFC 9530), if it holds one. */
function digestOf(header: string | undefined): Buffer | undefined {
  const value = header === undefined ? undefined : /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header)?.[1];
  if (header !== undefined && value === undefined) {
    throw new Problem('bad_request', 'The Content-Digest header holds no sha-256 of the form sha-256=:base64:.');
  }
  return value === undefined ? undefined : Buffer.from(value, 'base64');
}
