import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { expectedVersion } from '../../http/if-match';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import type { Write } from '../../writes/write';
import {
  deviceList,
  type DevicePatch,
  devicePatch,
  type DeviceQuery,
  deviceQuery,
  deviceResource,
  deviceWithSecret,
  type NewDevice,
  newDevice,
} from './device.schemas';
import { DevicesService } from './devices.service';

@ApiTags('terminals')
@Controller('api/devices')
@Allow('attendance:admin')
export class DevicesController {
  constructor(private readonly devices: DevicesService) {}

  @Get()
  @ApiOperation({
    summary: 'List terminals',
    description:
      '`lastSeenAt`, `skewMs` and `backlog` say how they are. Retired ones are left out unless `status` asks for them.',
  })
  @ApiOkResponse({ standardSchema: deviceList })
  list(@Req() request: FastifyRequest, @Query({ schema: deviceQuery }) query: DeviceQuery) {
    return this.devices.page(callerOf(request), query);
  }

  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  @NoReplay(
    'an answer that holds a secret is never stored; a second attempt is refused, for the serial number is taken',
  )
  @Audited('device', 'create')
  @ApiOperation({
    summary: 'Register a terminal',
    description:
      'The answer holds its `secret`, this once, and the `address` to put behind the server name in the terminal. A terminal that can be told no path needs `serialOnly: true`, and then calls from the networks of the tenant. ' +
      'A serial number is registered once: 409 `conflict`.',
  })
  @ApiCreatedResponse({ standardSchema: deviceWithSecret, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: newDevice }) body: NewDevice): Write {
    return this.devices.create(callerOf(request), body);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read one terminal' })
  @ApiOkResponse({ standardSchema: deviceResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const device = await this.devices.get(callerOf(request), id);
    void reply.header('etag', `"${device.version}"`);
    return device;
  }

  @Patch(':id')
  @Audited('device', 'update')
  @ApiOperation({
    summary: 'Change a terminal',
    description:
      'Only what is named changes. `suspended` refuses it, so that it keeps what it has to tell; `active` takes it back. A new zone reaches its clock at its next sign-on, and punches on record stay as they are.',
  })
  @ApiOkResponse({ standardSchema: deviceResource, description: 'The terminal as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Body({ schema: devicePatch }) body: DevicePatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.devices.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Post(':id/secret')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @NoReplay('an answer that holds a secret is never stored; a second attempt makes another secret')
  @Audited('device', 'update')
  @ApiOperation({
    summary: 'Give a terminal a new secret',
    description: 'The old one opens nothing from now on. The answer holds the new one, this once.',
  })
  @ApiOkResponse({ standardSchema: deviceWithSecret })
  rotate(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.devices.rotate(callerOf(request), id, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Audited('device', 'delete')
  @ApiOperation({
    summary: 'Retire a terminal',
    description: 'It is refused for ever and its serial number is free again. Its punches stay.',
  })
  @ApiOkResponse({ standardSchema: deviceResource, description: 'The terminal, retired' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.devices.retire(callerOf(request), id, expectedVersion(ifMatch));
  }
}
