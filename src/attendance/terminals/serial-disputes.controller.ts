import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { type Award, award, dispute, disputeList } from './serial-dispute.schemas';
import { SerialDisputes } from './serial-disputes';

@ApiTags('terminals')
@Controller('api/disputed-serials')
export class SerialDisputesController {
  constructor(private readonly disputes: SerialDisputes) {}

  @Get()
  @ReadRoute({
    allow: ['platform:admin'],
    summary: 'List serial numbers that several tenants claim',
    description:
      'The last 1,000, the undecided ones first. Until somebody decides, a terminal goes on delivering to whoever had it before; any other is refused and keeps what it has to tell.',
    ok: disputeList,
  })
  list(@Caller() by: Principal) {
    return this.disputes.list(by);
  }

  @Put(':serial')
  @WriteRoute('device', 'assign', {
    allow: ['platform:admin'],
    summary: 'Say whose a disputed terminal is',
    description:
      'It is let in there from now on, wherever else it is registered. A later decision takes the place of an earlier one.',
    ok: dispute,
  })
  @ApiParam({ name: 'serial', schema: { type: 'string' }, description: 'Its serial number.' })
  award(@Caller() by: Principal, @Param('serial') serial: string, @Body({ schema: award }) body: Award): Write {
    return this.disputes.award(by, serial, body);
  }
}
