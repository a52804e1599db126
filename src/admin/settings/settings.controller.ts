import { Body, Controller, Get, Headers, Put, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { expectedVersion } from '../../http/input/if-match';
import { type TenantSettings, tenantSettings } from '../../tenancy/tenant-settings';
import type { Write } from '../../writes/write';
import { SettingsService } from './settings.service';

@ApiTags('settings')
@Controller('api/attendance/settings')
@Allow('attendance:admin')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @ApiOperation({
    summary: 'Read the settings of your tenant',
    description: 'As they are in force: with the defaults of what was never set.',
  })
  @ApiOkResponse({ standardSchema: tenantSettings })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const { settings, version } = await this.settings.read(callerOf(request));
    void reply.header('etag', `"${version}"`);
    return settings;
  }

  @Put()
  @Audited('settings', 'update')
  @ApiOperation({
    summary: 'Replace the settings of your tenant',
    description:
      'What is left out goes back to its default. With `If-Match`, a change that somebody else made in the meantime is not overwritten: 412. ' +
      'Networks that do not contain your own address are refused with 409: they would lock you out.',
  })
  @ApiOkResponse({ standardSchema: tenantSettings, description: 'The settings as they are now' })
  replace(
    @Req() request: FastifyRequest,
    @Body({ schema: tenantSettings }) body: TenantSettings,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.settings.replace(callerOf(request), body, expectedVersion(ifMatch));
  }
}
