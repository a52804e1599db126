import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { type NewPin, newPin, pinList, type PinQuery, pinQuery, pinResource } from './pin.schemas';
import { PinsService } from './pins.service';

@ApiTags('terminals')
@Controller('api/devices/:id/pins')
@Allow('attendance:admin')
export class PinsController {
  constructor(private readonly pins: PinsService) {}

  @Get()
  @ReadRoute({
    summary: 'List the PINs of a terminal',
    description: 'Its own and those of all terminals. A PIN that is not bound is taken for an employee number.',
    ok: pinList,
  })
  list(
    @Caller() by: Principal,
    @Param('id', idParam('device')) id: string,
    @Query({ schema: pinQuery }) query: PinQuery,
  ) {
    return this.pins.page(by, id, query);
  }

  @Post()
  @WriteRoute('device', 'assign', {
    summary: 'Bind a PIN to a person',
    description:
      'For some dates or for good, on this terminal or on all. One PIN is one person at a time: 409 `conflict`. Nobody binds one for themselves: 403 `self_approval`. Lines rejected before can be tried again: `POST /api/devices/{id}/rejects/retry`.',
    created: pinResource,
    answer: 'Bound',
  })
  bind(
    @Caller() by: Principal,
    @Param('id', idParam('device')) id: string,
    @Body({ schema: newPin }) body: NewPin,
  ): Write {
    return this.pins.bind(by, id, body);
  }

  @Delete(':pinId')
  @WriteRoute('device', 'unassign', {
    summary: 'Unbind a PIN',
    description: 'Punches that it has reported stay with their employees.',
    ok: pinResource,
    answer: 'What was unbound',
  })
  unbind(
    @Caller() by: Principal,
    @Param('id', idParam('device')) id: string,
    @Param('pinId', idParam('PIN')) pinId: string,
  ): Write {
    return this.pins.unbind(by, id, pinId);
  }
}
