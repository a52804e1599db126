import { Body, Controller, Get, Header, Param, Post, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../../auth/access.decorators';
import { callerOf, type Principal } from '../../auth/principal';
import { clientAddress } from '../../http/request/request-target';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { type DeviceClaim, deviceClaim, deviceWithSecret } from './device.schemas';
import { Unclaimed } from './unclaimed';

const unclaimedList = z
  .object({
    data: z.array(
      z.object({
        serialNumber: z.string(),
        address: z.string().describe('where it called from'),
        firstSeenAt: z.iso.datetime(),
        lastSeenAt: z.iso.datetime(),
        calls: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'UnclaimedDevices' });

@ApiTags('terminals')
@Controller('api/devices/unclaimed')
@Allow('attendance:admin')
export class UnclaimedController {
  constructor(private readonly unclaimed: Unclaimed) {}

  @Get()
  @ReadRoute({
    summary: 'List terminals that called and belong to nobody',
    description:
      'The last 200 that called from the address of this request or from the networks in the settings of your tenant, unless the address is disputed. They are refused and keep what they have to tell until somebody claims them.',
    ok: unclaimedList,
  })
  list(@Req() request: FastifyRequest) {
    return this.unclaimed.list(callerOf(request), clientAddress(request));
  }

  @Post(':serial/claim')
  @WriteRoute('device', 'create', {
    summary: 'Claim a terminal that called',
    description:
      'By the serial number that is printed on it; it must have called within the last month, from a network in the settings of your tenant alone (`allowedNetworks`). It goes on by its serial number alone unless `serialOnly` is false: then put `address` into the terminal.',
    created: deviceWithSecret,
  })
  @Header('Cache-Control', 'no-store')
  @NoReplay('an answer that holds a secret is never stored; a second attempt finds nothing left to claim')
  @ApiParam({ name: 'serial', schema: { type: 'string' }, description: 'Its serial number.' })
  claim(
    @Caller() by: Principal,
    @Param('serial') serial: string,
    @Body({ schema: deviceClaim }) body: DeviceClaim,
  ): Write {
    return this.unclaimed.claim(by, serial, body);
  }
}
