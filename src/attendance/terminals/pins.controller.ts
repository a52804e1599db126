import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import type { Write } from '../../writes/write';
import { type NewPin, newPin, pinList, type PinQuery, pinQuery, pinResource } from './pin.schemas';
import { PinsService } from './pins.service';

@ApiTags('terminals')
@Controller('api/devices/:id/pins')
@Allow('attendance:admin')
export class PinsController {
  constructor(private readonly pins: PinsService) {}

  @Get()
  @ApiOperation({
    summary: 'List the PINs of a terminal',
    description: 'Its own and those of all terminals. A PIN that is not bound is taken for an employee number.',
  })
  @ApiOkResponse({ standardSchema: pinList })
  list(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Query({ schema: pinQuery }) query: PinQuery,
  ) {
    return this.pins.page(callerOf(request), id, query);
  }

  @Post()
  @Audited('device', 'assign')
  @ApiOperation({
    summary: 'Bind a PIN to a person',
    description:
      'For some dates or for good, on this terminal or on all. One PIN is one person at a time: 409 `conflict`. Nobody binds one for themselves: 403 `self_approval`. Lines rejected before can be tried again: `POST /api/devices/{id}/rejects/retry`.',
  })
  @ApiCreatedResponse({ standardSchema: pinResource, description: 'Bound' })
  bind(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Body({ schema: newPin }) body: NewPin,
  ): Write {
    return this.pins.bind(callerOf(request), id, body);
  }

  @Delete(':pinId')
  @Audited('device', 'unassign')
  @ApiOperation({ summary: 'Unbind a PIN', description: 'What it told before stays whose it was.' })
  @ApiOkResponse({ standardSchema: pinResource, description: 'What was unbound' })
  unbind(
    @Req() request: FastifyRequest,
    @Param('id', idParam('device')) id: string,
    @Param('pinId', idParam('PIN')) pinId: string,
  ): Write {
    return this.pins.unbind(callerOf(request), id, pinId);
  }
}
