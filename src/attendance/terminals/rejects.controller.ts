import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/cursor';
import { idParam } from '../../http/id.pipe';
import { cursor, pageSize } from '../../http/paging';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { IpRestricted } from '../../rate-limit/ip-restricted.decorator';
import { inBytes } from '../../writes/sent-answer';
import type { Write } from '../../writes/write';
import { id } from './device.schemas';
import { DevicesService } from './devices.service';
import { RejectsRepository } from './rejects.repository';
import { Uploads } from './uploads';

/** Lines that one call tries again. */
const AT_ONCE = 5000;

const rejectQuery = z.strictObject({ deviceId: id.optional(), limit: pageSize, cursor });
type RejectQuery = z.output<typeof rejectQuery>;
const retryQuery = z.strictObject({
  clock: z
    .enum(['trusted'])
    .optional()
    .describe('trusted: also the lines whose time is in doubt, as it stands; left out, those stay in the list'),
});
type RetryQuery = z.output<typeof retryQuery>;
const rejectList = z
  .object({
    data: z.array(
      z.object({
        id,
        deviceId: id,
        line: z.string().describe('as the terminal wrote it'),
        reason: z
          .string()
          .describe(
            'such as pin_unknown, pin_ambiguous, ambiguous_local_time, unreadable_row, clock_reset, clock_set_back, clock_behind, punch_in_future',
          ),
        detail: z.string(),
        receivedAt: z.iso.datetime(),
      }),
    ),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'DeviceRejects' });
const retried = z
  .object({ recorded: z.number().int(), duplicate: z.number().int(), rejected: z.number().int() })
  .meta({ id: 'RejectsRetried', example: { recorded: 2, duplicate: 0, rejected: 1 } });

@ApiTags('terminals')
@Controller('api/devices')
@Allow('attendance:admin')
@IpRestricted()
export class RejectsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly rejects: RejectsRepository,
    private readonly devices: DevicesService,
    private readonly uploads: Uploads,
    private readonly cursors: Cursors,
  ) {}

  @Get('rejects')
  @ApiOperation({
    summary: 'List lines of terminals that no punch was made of, newest first',
    description:
      'The terminal was told that they arrived, so that it goes on. Nothing of them is lost: put right what is wrong (bind the PIN, say) and try them again, or enter the punch by hand.',
  })
  @ApiOkResponse({ standardSchema: rejectList })
  async list(@Req() request: FastifyRequest, @Query({ schema: rejectQuery }) query: RejectQuery) {
    const { tenantId } = callerOf(request);
    const { limit, cursor: from, deviceId } = query;
    const scope = { tenantId, route: 'device rejects', filters: { deviceId } };
    const before = from === undefined ? null : String(this.cursors.decode(scope, from)[0]);
    const found = await this.work.read(tenantId, (tx) =>
      this.rejects.page(tx, tenantId, deviceId ?? null, before, limit + 1),
    );
    const data = found.slice(0, limit);
    const last = data.at(-1);
    return { data, ...(last && found.length > limit ? { nextCursor: this.cursors.encode(scope, [last.id]) } : {}) };
  }

  @Post(':id/rejects/retry')
  @HttpCode(200)
  @Audited('punch', 'create')
  @NoReplay('a line that was recorded is gone from the list, and would be recognised besides')
  @ApiOperation({
    summary: 'Try the rejected lines of a terminal again',
    description:
      'Up to 5,000, the oldest first, with the PINs, states and zone of now. What is recorded leaves the list. Lines whose time is in doubt (clock_reset, clock_set_back, clock_behind, punch_in_future) are tried only with `clock=trusted`.',
  })
  @ApiOkResponse({ standardSchema: retried })
  async retry(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) deviceId: string,
    @Query({ schema: retryQuery }) { clock }: RetryQuery,
  ): Promise<Write> {
    const by = callerOf(request);
    const device = await this.devices.get(by, deviceId);
    const lines = await this.work.read(by.tenantId, (tx) =>
      this.rejects.lines(tx, by.tenantId, deviceId, clock === 'trusted', AT_ONCE),
    );
    return {
      perform: async (context) => inBytes({ status: 200, body: await this.uploads.record(context, device, lines) }),
    };
  }
}
