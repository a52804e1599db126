import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { idParam } from '../../http/input/id.pipe';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import { encodeAnswer } from '../../writes/sent-answer';
import type { Write } from '../../writes/write';
import { DevicesService } from './devices.service';
import {
  type Dismissal,
  dismissal,
  dismissed,
  rejectList,
  type RejectQuery,
  rejectQuery,
  retried,
  type RetryQuery,
  retryQuery,
} from './reject.schemas';
import { RejectsRepository } from './rejects.repository';
import { RejectsService } from './rejects.service';
import { Uploads } from './uploads';

/** Lines that one call tries again. */
const AT_ONCE = 5000;

@ApiTags('terminals')
@Controller('api/devices')
@Allow('attendance:admin')
export class RejectsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly rejects: RejectsRepository,
    private readonly service: RejectsService,
    private readonly devices: DevicesService,
    private readonly uploads: Uploads,
  ) {}

  @Get('rejects')
  @ReadRoute({
    summary: 'List lines of terminals that no punch was made of, newest first',
    description:
      'The terminal was told that they arrived, so that it goes on. Nothing of them is lost: put right what is wrong (bind the PIN, say) and try them again, or enter the punch by hand.',
    ok: rejectList,
  })
  list(@Caller() by: Principal, @Query({ schema: rejectQuery }) query: RejectQuery) {
    return this.service.page(by, query);
  }

  @Post(':id/rejects/dismiss')
  @WriteRoute('device', 'reject', {
    summary: 'Dismiss lines of a terminal, with a reason',
    description:
      'For what is no punch and never will be: the time of a clock that was reset, the events of a door. They leave the list, are not tried again, and make no punch when the terminal sends them once more; `status=dismissed` lists them.',
    ok: dismissed,
  })
  dismiss(
    @Caller() by: Principal,
    @Param('id', idParam('device')) deviceId: string,
    @Body({ schema: dismissal }) body: Dismissal,
  ): Write {
    return this.service.dismiss(by, deviceId, body);
  }

  @Post(':id/rejects/retry')
  @WriteRoute('punch', 'create', {
    summary: 'Try the rejected lines of a terminal again',
    description:
      'Up to 5,000, the oldest first, with the PINs, states and zone of now. What is recorded leaves the list. Lines whose time is in doubt (clock_reset, clock_set_back, clock_behind, punch_in_future) are tried only with `clock=trusted`. Lines about whoever calls stay for another administrator, and are counted as rejected; 403 `self_approval` where there are no others.',
    ok: retried,
  })
  @NoReplay('a line that was recorded is gone from the list, and would be recognised besides')
  async retry(
    @Caller() by: Principal,
    @Param('id', idParam('device')) deviceId: string,
    @Query({ schema: retryQuery }) { clock }: RetryQuery,
  ): Promise<Write> {
    const device = await this.devices.get(by, deviceId);
    const lines = await this.work.read(by.tenantId, (tx) =>
      this.rejects.lines(tx, by.tenantId, deviceId, clock === 'trusted', AT_ONCE),
    );
    return {
      perform: async (context) =>
        encodeAnswer({ status: 200, body: await this.uploads.record(context, device, lines) }),
    };
  }
}
