import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
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
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List the versions of the rules by their first date',
    description: 'Everybody may read what their time is computed by. Page on with `nextCursor`.',
    ok: policyList,
  })
  list(@Caller() by: Principal, @Query({ schema: policyQuery }) query: PolicyQuery) {
    return this.policies.list(by, query);
  }

  @Post()
  @WriteRoute('policy', 'create', {
    allow: ['attendance:admin'],
    summary: 'Create a version of the rules',
    description:
      'From its date on it takes the place of the version before, for everybody or for one org unit. With a date in the past the days on record from there on are computed again (`markedDays`); ' +
      'those of closed pay periods stay as they were paid and are counted (`lockedDays`). Try it with `POST /api/attendance/rules/preview` first.',
    created: policyWritten,
  })
  create(@Caller() by: Principal, @Body({ schema: newPolicy }) body: NewPolicy): Write {
    return this.policies.create(by, body);
  }

  @Get('rule-sets')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List the overtime rule sets that ship',
    description:
      'Data with a version and a source. Choose one with `settings.overtime.rules`, or give tiers of your own.',
    ok: ruleSetList,
  })
  ruleSets() {
    const data = Object.values(OVERTIME_RULES).map((rules) => {
      const { rules: id, ...view } = overtimeView(rules);
      return { id, version: rules.version, source: rules.source, ...view };
    });
    return { data };
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Read one version of the rules',
    ok: policyResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('policy')) id: string) {
    return this.policies.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('policy', 'update', {
    allow: ['attendance:admin'],
    summary: 'Change a version of the rules',
    description:
      '`settings` are replaced as a whole. Once its date has come (by the clock of the tenant) only the name can change: 409 `policy_in_use`. For another date, delete it and create it anew.',
    ok: policyWritten,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('policy')) id: string,
    @Body({ schema: policyPatch }) body: PolicyPatch,
    @IfMatch() version?: number,
  ): Write {
    return this.policies.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('policy', 'delete', {
    allow: ['attendance:admin'],
    summary: 'Delete a version of the rules that is not in use yet',
    description: 'Once its date has come it stays: 409 `policy_in_use`.',
    ok: policyWritten,
  })
  remove(@Caller() by: Principal, @Param('id', idParam('policy')) id: string, @IfMatch() version?: number): Write {
    return this.policies.remove(by, id, version);
  }
}
