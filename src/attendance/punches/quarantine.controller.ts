import { Body, Controller, Headers, Param, Put, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { expectedVersion } from '../../http/if-match';
import type { Write } from '../../writes/write';
import { punchResource, type QuarantineDecision, quarantineDecision } from './punch.schemas';
import { QuarantineService } from './quarantine.service';

@ApiTags('pay periods')
@Controller('api/punches')
export class QuarantineController {
  constructor(private readonly quarantine: QuarantineService) {}

  @Put(':id/quarantine')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('punch', 'approve')
  @ApiOperation({
    summary: 'Decide about a punch that waits in quarantine',
    description:
      'What terminals, batches and imports report for a closed period waits in quarantine (`GET /api/punches?status=quarantined`), and so does what people punch for themselves too long after (flag `reported_late`). ' +
      'Accepted, it is `active` and counts; where its period is closed, it becomes an adjustment in the next one, and the closed one stays as it was paid. Void, it never counts. Nobody decides about their own.',
  })
  @ApiOkResponse({ standardSchema: punchResource, description: 'The punch, decided' })
  decide(
    @Req() request: FastifyRequest,
    @Param('id', idParam('punch')) id: string,
    @Body({ schema: quarantineDecision }) body: QuarantineDecision,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.quarantine.decide(callerOf(request), id, body, expectedVersion(ifMatch));
  }
}
