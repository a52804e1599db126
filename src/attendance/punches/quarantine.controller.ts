import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { punchResource, type QuarantineDecision, quarantineDecision } from './punch.schemas';
import { QuarantineService } from './quarantine.service';

@ApiTags('pay periods')
@Controller('api/punches')
export class QuarantineController {
  constructor(private readonly quarantine: QuarantineService) {}

  @Put(':id/quarantine')
  @WriteRoute('punch', 'approve', {
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Decide about a punch that waits in quarantine',
    description:
      'What terminals, batches and imports report for a closed period waits in quarantine (`GET /api/punches?status=quarantined`), and so does what people punch for themselves too long after (flag `reported_late`). ' +
      'Accepted, it is `active` and counts; where its period is closed, it becomes an adjustment in the next one, and the closed one stays as it was paid. Void, it never counts. Nobody decides about their own.',
    ok: punchResource,
    answer: 'The punch, decided',
  })
  decide(
    @Caller() by: Principal,
    @Param('id', idParam('punch')) id: string,
    @Body({ schema: quarantineDecision }) body: QuarantineDecision,
    @IfMatch() version?: number,
  ): Write {
    return this.quarantine.decide(by, id, body, version);
  }
}
