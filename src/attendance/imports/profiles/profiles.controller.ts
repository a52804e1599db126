import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/access.decorators';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../../routing/routes';
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
  @ReadRoute({
    summary: 'List mapping profiles',
    description:
      'Those that the product knows first (`builtIn`: they can be named, and not be changed), then those of the tenant by name. Page on with `nextCursor`.',
    ok: importProfileList,
  })
  list(@Caller() by: Principal, @Query({ schema: importProfileQuery }) query: ImportProfileQuery) {
    return this.profiles.listAll(by, query);
  }

  @Post()
  @WriteRoute('import_profile', 'create', {
    summary: 'Store how a kind of file is read',
    description:
      'Which column means what, in which zone, and the header that such a file is known by. A file with exactly this header, or with all of its headings among others, is read this way from then on, unless the request says otherwise; upload and preview name the profile. A name is taken once: 409.',
    created: importProfileResource,
  })
  create(@Caller() by: Principal, @Body({ schema: importProfileBody }) body: ImportProfileBody): Write {
    return this.profiles.create(by, body);
  }

  @Get(':id')
  @ReadRoute({ summary: 'Read one stored profile', ok: importProfileResource, versioned: true })
  get(@Caller() by: Principal, @Param('id', profileId) id: string) {
    return this.profiles.get(by, id);
  }

  @Put(':id')
  @WriteRoute('import_profile', 'update', {
    summary: 'Replace a profile',
    description: 'Batches that were committed with it stay as they are; a preview made with it has to be made again.',
    ok: importProfileResource,
  })
  replace(
    @Caller() by: Principal,
    @Param('id', profileId) id: string,
    @Body({ schema: importProfileBody }) body: ImportProfileBody,
    @IfMatch() version?: number,
  ): Write {
    return this.profiles.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('import_profile', 'delete', {
    summary: 'Delete a profile',
    description: 'What was imported with it stays.',
    ok: importProfileResource,
  })
  remove(@Caller() by: Principal, @Param('id', profileId) id: string, @IfMatch() version?: number): Write {
    return this.profiles.remove(by, id, version);
  }
}
