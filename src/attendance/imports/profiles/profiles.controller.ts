import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../../audit/audited.decorator';
import { Allow } from '../../../auth/access.decorators';
import { callerOf } from '../../../auth/principal';
import { idParam } from '../../../http/id.pipe';
import { expectedVersion } from '../../../http/if-match';
import type { Write } from '../../../writes/write';
import {
  type ImportProfileBody,
  importProfileBody,
  importProfileList,
  type ImportProfileQuery,
  importProfileQuery,
  importProfileResource,
} from './profile.schemas';
import { ProfilesService } from './profiles.service';

const profileId = idParam('import profile');

@ApiTags('import')
@Controller('api/attendance/import/profiles')
@Allow('attendance:admin')
export class ProfilesController {
  constructor(private readonly profiles: ProfilesService) {}

  @Get()
  @ApiOperation({
    summary: 'List mapping profiles',
    description:
      'Those that the product knows first (`builtIn`: they can be named, and not be changed), then those of the tenant by name. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: importProfileList })
  list(@Req() request: FastifyRequest, @Query({ schema: importProfileQuery }) query: ImportProfileQuery) {
    return this.profiles.page(callerOf(request), query);
  }

  @Post()
  @Audited('import_profile', 'create')
  @ApiOperation({
    summary: 'Store how a kind of file is read',
    description:
      'Which column means what, in which zone, and the header that such a file is known by. A file with exactly this header, or with all of its headings among others, is read this way from then on, unless the request says otherwise; upload and preview name the profile. A name is taken once: 409.',
  })
  @ApiCreatedResponse({ standardSchema: importProfileResource, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: importProfileBody }) body: ImportProfileBody): Write {
    return this.profiles.create(callerOf(request), body);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read one stored profile' })
  @ApiOkResponse({ standardSchema: importProfileResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', profileId) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const profile = await this.profiles.get(callerOf(request), id);
    void reply.header('etag', `"${profile.version}"`);
    return profile;
  }

  @Put(':id')
  @Audited('import_profile', 'update')
  @ApiOperation({
    summary: 'Replace a profile',
    description: 'Batches that were committed with it stay as they are; a preview made with it has to be made again.',
  })
  @ApiOkResponse({ standardSchema: importProfileResource, description: 'The profile as it is now' })
  replace(
    @Req() request: FastifyRequest,
    @Param('id', profileId) id: string,
    @Body({ schema: importProfileBody }) body: ImportProfileBody,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.profiles.replace(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Audited('import_profile', 'delete')
  @ApiOperation({ summary: 'Delete a profile', description: 'What was imported with it stays.' })
  @ApiOkResponse({ standardSchema: importProfileResource, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', profileId) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.profiles.remove(callerOf(request), id, expectedVersion(ifMatch));
  }
}
