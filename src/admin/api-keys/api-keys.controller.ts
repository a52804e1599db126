import { Body, Controller, Delete, Get, Header, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import {
  type ApiKeyBody,
  apiKeyBody,
  apiKeyList,
  type ApiKeyPatch,
  apiKeyPatch,
  type ApiKeyQuery,
  apiKeyQuery,
  apiKeyResource,
  type ApiKeyRotation,
  apiKeyRotation,
  apiKeyWithSecret,
} from './api-key.schemas';
import { ApiKeysService } from './api-keys.service';

const keyId = idParam('API key');

@ApiTags('api keys')
@Controller('api/api-keys')
@Allow('attendance:admin')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @ReadRoute({
    summary: 'List API keys',
    description:
      'The oldest first; revoked ones are left out unless `status` asks for them. Page on with `nextCursor`.',
    ok: apiKeyList,
  })
  list(@Caller() by: Principal, @Query({ schema: apiKeyQuery }) query: ApiKeyQuery) {
    return this.keys.list(by, query);
  }

  @Post()
  @WriteRoute('api_key', 'create', {
    summary: 'Create an API key',
    description:
      'For a system that calls without a person: `Authorization: Bearer rck_…`. The answer holds the `key`, this once. It does what its permissions open, and of changes those alone that need no person: ' +
      'punches, leave, holidays, schedules and their shifts, export jobs. Nothing is passed on that you do not hold: 403 `permission_not_grantable`.',
    created: apiKeyWithSecret,
  })
  @Header('Cache-Control', 'no-store')
  @NoReplay('an answer that holds a secret is never stored; a second attempt makes a second key, which can be revoked')
  create(@Caller() by: Principal, @Body({ schema: apiKeyBody }) body: ApiKeyBody): Write {
    return this.keys.create(by, body);
  }

  @Get(':id')
  @ReadRoute({ summary: 'Read one API key', ok: apiKeyResource, versioned: true })
  get(@Caller() by: Principal, @Param('id', keyId) id: string) {
    return this.keys.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('api_key', 'update', {
    summary: 'Change an API key',
    description: 'Only what is named changes, and holds from its next call on. Its secret stays.',
    ok: apiKeyResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', keyId) id: string,
    @Body({ schema: apiKeyPatch }) body: ApiKeyPatch,
    @IfMatch() version?: number,
  ): Write {
    return this.keys.update(by, id, body, version);
  }

  @Post(':id/rotate')
  @WriteRoute('api_key', 'update', {
    summary: 'Give an API key a new secret',
    description:
      'The answer holds the new `key`, this once; its `id` stays. What was its secret until now still opens for `overlapSeconds`, a day unless you say otherwise; one from before that no longer does.',
    ok: apiKeyWithSecret,
    answer: 'The key, with its new secret',
  })
  @Header('Cache-Control', 'no-store')
  @NoReplay('an answer that holds a secret is never stored; a second attempt makes another secret')
  rotate(
    @Caller() by: Principal,
    @Param('id', keyId) id: string,
    @Body({ schema: apiKeyRotation }) body: ApiKeyRotation,
    @IfMatch() version?: number,
  ): Write {
    return this.keys.rotate(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('api_key', 'delete', {
    summary: 'Revoke an API key',
    description:
      'It is refused from now on, for ever: by this server with this answer, by others within a second. What it did stays.',
    ok: apiKeyResource,
    answer: 'The key, revoked',
  })
  remove(@Caller() by: Principal, @Param('id', keyId) id: string, @IfMatch() version?: number): Write {
    return this.keys.remove(by, id, version);
  }
}
