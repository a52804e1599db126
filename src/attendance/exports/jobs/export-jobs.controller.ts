import { Body, Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../auth/access.decorators';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Produces } from '../../../http/routes/produces.decorator';
import { clientAddress } from '../../../http/request/request-target';
import { Caller, ReadRoute, WriteRoute } from '../../../routing/routes';
import type { Write } from '../../../writes/write';
import { type ExportQuery, exportQuery } from '../export.schemas';
import { exporting } from '../exports.service';
import { mediaTypes } from '../framing';
import { exportJob, exportJobList, type ExportJobQuery, exportJobQuery } from './export-job.schemas';
import { ExportJobsService } from './export-jobs.service';

const jobId = idParam('export job');
const file = { schema: { type: 'string' as const, format: 'binary' } };

/** Exports that are made while nobody waits. */
@ApiTags('exports')
@Controller('api/attendance/export')
export class ExportJobsController {
  constructor(private readonly jobs: ExportJobsService) {}

  @Post('jobs')
  @WriteRoute('export', 'create', {
    openToKeys: true,
    allow: exporting,
    summary: 'Have an export made',
    description:
      'What `GET /api/attendance/export` streams is made into a file instead, out of one snapshot of when it is begun. The job says where it is fetched once it is whole; the link needs no token and is good for 24 hours. It survives restarts: one that was cut off begins anew.',
  })
  @ApiAcceptedResponse({ standardSchema: exportJob, description: 'It will be made' })
  create(@Caller() by: Principal, @Body({ schema: exportQuery }) body: ExportQuery): Write {
    return this.jobs.create(by, body);
  }

  @Get('jobs')
  @ReadRoute({
    allow: exporting,
    summary: 'List export jobs, newest first',
    description: 'Your own; administrators see all of the tenant.',
    ok: exportJobList,
  })
  list(@Caller() by: Principal, @Query({ schema: exportJobQuery }) query: ExportJobQuery) {
    return this.jobs.page(by, query);
  }

  @Get('jobs/:id')
  @ReadRoute({ allow: exporting, summary: 'See how far an export job is, and where its file is', ok: exportJob })
  get(@Caller() by: Principal, @Param('id', jobId) id: string) {
    return this.jobs.get(by, id);
  }

  @Delete('jobs/:id')
  @WriteRoute('export', 'cancel', {
    openToKeys: true,
    allow: exporting,
    summary: 'Cancel an export, or remove its file',
    description: 'The link is dead from then on. The job stays readable for a day.',
    ok: exportJob,
  })
  cancel(@Caller() by: Principal, @Param('id', jobId) id: string): Write {
    return this.jobs.cancel(by, id);
  }

  @Get('files/:link')
  @ReadRoute({
    summary: 'Fetch the file of an export job',
    description:
      'The link is the right to fetch it, until it expires: 410 `export_expired` from then on. Only from the networks of the tenant, where it has any. Every download is recorded before its first byte. `ETag` and `Content-Digest` are the SHA-256 of the file.',
  })
  @Public()
  @Produces(mediaTypes.csv, mediaTypes.xlsx, mediaTypes.ndjson)
  @ApiOkResponse({
    description: 'The file',
    content: { [mediaTypes.csv]: file, [mediaTypes.xlsx]: file, [mediaTypes.ndjson]: file },
  })
  async fetch(@Req() request: FastifyRequest, @Param('link') link: string, @Res() reply: FastifyReply): Promise<void> {
    const { stream, job } = await this.jobs.open(link, { requestId: request.id, ip: clientAddress(request) });
    const { format } = job.query;
    const digest = Buffer.from(job.sha256 ?? '', 'hex').toString('base64');
    const charset = format === 'xlsx' ? '' : '; charset=utf-8';
    void reply
      .header('content-type', `${mediaTypes[format]}${charset}`)
      .header('content-length', job.bytes)
      .header('content-disposition', `attachment; filename="${job.file_name ?? 'export'}"`)
      .header('content-digest', `sha-256=:${digest}:`)
      .header('etag', `"${job.sha256 ?? ''}"`)
      .header('cache-control', 'no-store')
      .send(stream);
  }
}
