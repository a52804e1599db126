import { Body, Controller, Get, Headers, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Allow } from '../../auth/access.decorators';
import { callerOf, type Principal } from '../../auth/principal';
import { Problem, unsupportedMediaType } from '../../http/problems/problem';
import { Produces } from '../../http/routes/produces.decorator';
import { StreamedBody } from '../../http/body/streamed-body';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { CommitService } from './requests/commit.service';
import { committed } from './batches/batch.schemas';
import {
  type ImportCommit,
  importCommit,
  type ImportPreview,
  importPreview,
  type ImportUploadQuery,
  importUploadQuery,
  preparation,
  prepared,
  previewed,
  uploaded,
} from './batches/import.schemas';
import { PreviewService } from './requests/preview.service';
import { ImportSources } from './files/sources';
import { UploadService } from './requests/upload.service';
import { templateCsv, templateFormat, templateJson } from './files/template';

const templateQuery = z.strictObject({
  format: z.enum(['json', 'csv']).optional().describe('left out, what Accept asks for'),
  kind: z.enum(['punches', 'days']).default('punches'),
});

@ApiTags('import')
@Controller('api/attendance/import')
@Allow('attendance:admin')
export class ImportsController {
  constructor(
    private readonly previews: PreviewService,
    private readonly uploads: UploadService,
    private readonly commits: CommitService,
    private readonly sources: ImportSources,
  ) {}

  @Get('template')
  @ReadRoute({
    summary: 'How to import: every call with a body that works, and files to fill in',
    description:
      '`format=csv`, or `Accept: text/csv`, answers the plain file of punches, or of days with one row for a person and a date (`kind=days`).',
    ok: z.looseObject({ calls: z.array(z.unknown()) }).meta({ id: 'ImportTemplate' }),
  })
  @Produces('application/json', 'text/csv')
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
  @ReadRoute({
    summary: 'Get a commit token before there is a file',
    description:
      'For clients that commit without a preview. Good for an hour, and until people, pay periods or imports change.',
    ok: prepared,
  })
  @HttpCode(200)
  prepare(@Caller() by: Principal, @Body({ schema: preparation }) _body: unknown) {
    return this.previews.prepare(by);
  }

  @Post('upload')
  @WriteRoute('import_file', 'create', {
    summary: 'Upload a file',
    description:
      'The file itself is the body, up to 500 MiB, under any media type but JSON. What it is is read off its content: CSV (any delimiter, UTF-8, UTF-16, Windows-1252, GB18030), XLSX, NDJSON, terminal files, and the layouts of Clockify, Toggl, Harvest and DingTalk. ' +
      'With `Content-Digest: sha-256=:…:` the received bytes are compared with those that were sent. Stored for seven days.',
    created: uploaded,
  })
  @StreamedBody()
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async upload(
    @Req() request: FastifyRequest,
    @Query({ schema: importUploadQuery }) { filename: fileName, sheet }: ImportUploadQuery,
    @Headers('content-type') mediaType?: string,
    @Headers('content-digest') digest?: string,
  ): Promise<Write> {
    if (!(request.body instanceof Readable)) throw unsupportedMediaType();
    const hints = { fileName, sheet, mediaType, expected: digestOf(digest) };
    const { write, sha256 } = await this.uploads.upload(callerOf(request), request.body, hints);
    request.body = { sha256, sheet }; // what a repetition with the same key is compared by
    return write;
  }

  @Post('preview')
  @ReadRoute({
    summary: 'See what a commit would do',
    description:
      'Reads the file, finds the people, compares with what is there, and writes nothing. Counts, the first rows as they were understood, the first errors with line, column, value and remedy, and the token for the commit.',
    ok: previewed,
  })
  @HttpCode(200)
  async preview(@Caller() by: Principal, @Body({ schema: importPreview }) body: ImportPreview) {
    const { request, profile } = await this.sources.withProfile(by.tenantId, body);
    return { ...(await this.previews.preview(by, request)), ...(profile ? { profile } : {}) };
  }

  @Post('commit')
  @WriteRoute('import_batch', 'create', {
    summary: 'Load what was previewed',
    description:
      'The same body as the preview, with its `commitToken`. Up to 2,000 rows are loaded while you wait (200), more as a job (202). A bad row is rejected with its errors; the others are loaded. Duplicates are skipped. A row that contradicts existing punches is a conflict and is listed, unless `mode` is `override`: then it replaces them, and a rollback reinstates them. Punches in a closed pay period go into quarantine. ' +
      'Repeated with the same `idempotencyKey` it answers the same batch, also years later.',
    ok: committed,
    answer: 'Loaded, or loaded before',
  })
  @ApiAcceptedResponse({ standardSchema: committed, description: 'A job loads it: GET /jobs/{id}' })
  commit(@Caller() by: Principal, @Body({ schema: importCommit }) body: ImportCommit): Promise<Write> {
    return this.commits.commit(by, body);
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
