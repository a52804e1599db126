import { Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Produces } from '../../http/routes/produces.decorator';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { csvLine } from '../files/csv';
import { BatchListing } from './batches/batch-listing';
import {
  batchItems,
  type ItemQuery,
  itemQuery,
  batchList,
  type BatchQuery,
  batchQuery,
  committed,
  type ErrorQuery,
  errorQuery,
  importJob,
} from './batches/batch.schemas';
import { ErrorFile } from './error-file/error-file.service';
import { RollbackService } from './requests/rollback.service';

/** Of a list, which is made in memory. */
const MOST_ERRORS = 100_000;

/** Committed batches: their progress, their rejected rows, and their rollback. */
@ApiTags('import')
@Controller('api/attendance/import')
@Allow('attendance:admin')
export class BatchesController {
  constructor(
    private readonly listing: BatchListing,
    private readonly rollbacks: RollbackService,
    private readonly errorFile: ErrorFile,
  ) {}

  @Post('rollback/:id')
  @WriteRoute('import_batch', 'rollback', {
    summary: 'Roll back a batch',
    description:
      'Its punches become void: readable, with the line that they came from, but not counted. The punches that it had replaced are active again. Refused if something depends on it (409 `import_superseded`, with `punchId`, `supersededBy` and the `batchId` of a later batch), or lies in a pay period that was closed (409 `period_closed`).',
    ok: committed,
    answer: 'Rolled back',
  })
  @ApiAcceptedResponse({ standardSchema: committed, description: 'A job rolls it back' })
  rollback(@Caller() by: Principal, @Param('id', idParam('import batch')) id: string): Write {
    return this.rollbacks.rollback(by, id);
  }

  @Get('jobs/:id')
  @ReadRoute({ summary: 'See how far a job is', ok: importJob })
  job(@Caller() by: Principal, @Param('id', idParam('import job')) id: string) {
    return this.listing.job(by, id);
  }

  @Delete('jobs/:id')
  @WriteRoute('import_batch', 'cancel', {
    summary: 'Cancel a job',
    description: 'It stops behind the chunk under way. What was loaded stays until the batch is rolled back.',
    ok: committed,
  })
  cancel(@Caller() by: Principal, @Param('id', idParam('import job')) id: string): Write {
    return this.rollbacks.cancel(by, id);
  }

  @Get('batches')
  @ReadRoute({ summary: 'List batches, newest first', ok: batchList })
  batches(@Caller() by: Principal, @Query({ schema: batchQuery }) query: BatchQuery) {
    return this.listing.page(by, query);
  }

  @Get('batches/:id/items')
  @ReadRoute({
    summary: 'List the punches of a batch',
    description:
      'In the order of its file, each with the line that it came from; also those that were corrected, deleted or rolled back since.',
    ok: batchItems,
  })
  items(
    @Caller() by: Principal,
    @Param('id', idParam('import batch')) id: string,
    @Query({ schema: itemQuery }) query: ItemQuery,
  ) {
    return this.listing.items(by, id, query);
  }

  @Get('batches/:id/errors')
  @ReadRoute({
    summary: 'Download the rejected rows, or why they were rejected',
    description:
      '`as=list`: line, column, value, code and remedy of each error. `as=rows`: the rejected rows themselves in the columns of the file, with `error_code`, `error_column`, `error_detail` and `line` behind them, as CSV whatever the file was: correct it, leave the last four columns where they are, and upload it with the same mapping or profile. ' +
      'A cell that a spreadsheet would run as a formula has an apostrophe in front, which is removed again when the corrected file is imported. Files are stored for seven days: 410 `import_file_gone` after that.',
  })
  @Produces('text/csv')
  @ApiOkResponse({ description: 'CSV', content: { 'text/csv': { schema: { type: 'string' } } } })
  async errors(
    @Caller() by: Principal,
    @Param('id', idParam('import batch')) id: string,
    @Query({ schema: errorQuery }) { as, limit }: ErrorQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
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
