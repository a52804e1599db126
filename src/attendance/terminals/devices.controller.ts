import { Body, Controller, Delete, Get, Header, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
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
  @ReadRoute({
    summary: 'List terminals',
    description:
      '`lastSeenAt`, `skewMs` and `backlog` say how they are. Retired ones are left out unless `status` asks for them.',
    ok: deviceList,
  })
  list(@Caller() by: Principal, @Query({ schema: deviceQuery }) query: DeviceQuery) {
    return this.devices.page(by, query);
  }

  @Post()
  @WriteRoute('device', 'create', {
    summary: 'Register a terminal',
    description:
      'The answer holds its `secret`, this once, and the `address` to put behind the server name in the terminal. A terminal that can be told no path needs `serialOnly: true`, and then calls from the networks of the tenant. ' +
      'A serial number is registered once: 409 `conflict`.',
    created: deviceWithSecret,
  })
  @Header('Cache-Control', 'no-store')
  @NoReplay(
    'an answer that holds a secret is never stored; a second attempt is refused, for the serial number is taken',
  )
  create(@Caller() by: Principal, @Body({ schema: newDevice }) body: NewDevice): Write {
    return this.devices.create(by, body);
  }

  @Get(':id')
  @ReadRoute({ summary: 'Read one terminal', ok: deviceResource, versioned: true })
  get(@Caller() by: Principal, @Param('id', idParam('device')) id: string) {
    return this.devices.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('device', 'update', {
    summary: 'Change a terminal',
    description:
      'Only what is named changes. `suspended` refuses it, so that it keeps what it has to tell; `active` takes it back. A new zone reaches its clock at its next sign-on, and punches on record stay as they are.',
    ok: deviceResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('device')) id: string,
    @Body({ schema: devicePatch }) body: DevicePatch,
    @IfMatch() version?: number,
  ): Write {
    return this.devices.update(by, id, body, version);
  }

  @Post(':id/secret')
  @WriteRoute('device', 'update', {
    summary: 'Give a terminal a new secret',
    description: 'The old one opens nothing from now on. The answer holds the new one, this once.',
    ok: deviceWithSecret,
  })
  @Header('Cache-Control', 'no-store')
  @NoReplay('an answer that holds a secret is never stored; a second attempt makes another secret')
  rotate(@Caller() by: Principal, @Param('id', idParam('device')) id: string, @IfMatch() version?: number): Write {
    return this.devices.rotate(by, id, version);
  }

  @Delete(':id')
  @WriteRoute('device', 'delete', {
    summary: 'Retire a terminal',
    description: 'It is refused for ever and its serial number is free again. Its punches stay.',
    ok: deviceResource,
    answer: 'The terminal, retired',
  })
  remove(@Caller() by: Principal, @Param('id', idParam('device')) id: string, @IfMatch() version?: number): Write {
    return this.devices.retire(by, id, version);
  }
}
