import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { expectedVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import { OVERTIME_RULES } from '../rules/overtime/rules';
import { overtimeView } from './policy-view';
import {
  type NewPolicy,
  newPolicy,
  policyList,
  type PolicyPatch,
  policyPatch,
  type PolicyQuery,
  policyQuery,
  policyResource,
  policyWritten,
  ruleSetList,
} from './policy.schemas';
import { PoliciesService } from './policies.service';

@ApiTags('calendar')
@Controller('api/attendance/policies')
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List the versions of the rules by their first date',
    description: 'Everybody may read what their time is computed by. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: policyList })
  list(@Req() request: FastifyRequest, @Query({ schema: policyQuery }) query: PolicyQuery) {
    return this.policies.page(callerOf(request), query);
  }

  @Post()
  @Allow('attendance:admin')
  @Audited('policy', 'create')
  @ApiOperation({
    summary: 'Create a version of the rules',
    description:
      'From its date on it takes the place of the version before, for everybody or for one org unit. With a date in the past the days on record from there on are computed again (`markedDays`); ' +
      'those of closed pay periods stay as they were paid and are counted (`lockedDays`). Try it with `POST /api/attendance/rules/preview` first.',
  })
  @ApiCreatedResponse({ standardSchema: policyWritten, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: newPolicy }) body: NewPolicy): Write {
    return this.policies.create(callerOf(request), body);
  }

  @Get('rule-sets')
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List the overtime rule sets that ship',
    description:
      'Data with a version and a source. Choose one with `settings.overtime.rules`, or give tiers of your own.',
  })
  @ApiOkResponse({ standardSchema: ruleSetList })
  ruleSets() {
    const data = Object.values(OVERTIME_RULES).map((rules) => {
      const { rules: id, ...view } = overtimeView(rules);
      return { id, version: rules.version, source: rules.source, ...view };
    });
    return { data };
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({ summary: 'Read one version of the rules' })
  @ApiOkResponse({ standardSchema: policyResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('policy')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const policy = await this.policies.get(callerOf(request), id);
    void reply.header('etag', `"${policy.version}"`);
    return policy;
  }

  @Patch(':id')
  @Allow('attendance:admin')
  @Audited('policy', 'update')
  @ApiOperation({
    summary: 'Change a version of the rules',
    description:
      '`settings` are replaced as a whole. Once its date has come (by the clock of the tenant) only the name can change: 409 `policy_in_use`. For another date, delete it and create it anew.',
  })
  @ApiOkResponse({ standardSchema: policyWritten, description: 'The version as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('policy')) id: string,
    @Body({ schema: policyPatch }) body: PolicyPatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.policies.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:admin')
  @Audited('policy', 'delete')
  @ApiOperation({
    summary: 'Delete a version of the rules that is not in use yet',
    description: 'Once its date has come it stays: 409 `policy_in_use`.',
  })
  @ApiOkResponse({ standardSchema: policyWritten, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('policy')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.policies.remove(callerOf(request), id, expectedVersion(ifMatch));
  }
}
