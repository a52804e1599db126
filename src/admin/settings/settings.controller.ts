import { Body, Controller, Get, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { type TenantSettings, tenantSettings } from '../../tenancy/tenant-settings';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { SettingsService } from './settings.service';

@ApiTags('settings')
@Controller('api/attendance/settings')
@Allow('attendance:admin')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @ReadRoute({
    summary: 'Read the settings of your tenant',
    description: 'As they are in force: with the defaults of what was never set.',
    ok: tenantSettings,
  })
  async read(@Caller() by: Principal, @Res({ passthrough: true }) reply: FastifyReply) {
    const { settings, version } = await this.settings.read(by);
    void reply.header('etag', `"${version}"`);
    return settings;
  }

  @Put()
  @WriteRoute('settings', 'update', {
    summary: 'Replace the settings of your tenant',
    description:
      'What is left out goes back to its default. With `If-Match`, a change that somebody else made in the meantime is not overwritten: 412. ' +
      'Networks that do not contain your own address are refused with 409: they would lock you out.',
    ok: tenantSettings,
  })
  replace(
    @Caller() by: Principal,
    @Body({ schema: tenantSettings }) body: TenantSettings,
    @IfMatch() version?: number,
  ): Write {
    return this.settings.replace(by, body, version);
  }
}
