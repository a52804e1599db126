import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { assertVersion } from '../../http/input/if-match';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { always } from '../dates/fields';
import { pageOf, stretchOf } from '../dates/paging';
import { policyResponse, type StoredPolicy, policyToAudit } from './policy';
import type { NewPolicy, PolicyPatch, PolicyQuery } from './policy.schemas';
import { PoliciesRepository } from './policies.repository';

/** The versions of the rules. One whose date has come is what days were computed by: it stays, and a new one takes over. */
@Injectable()
export class PoliciesService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly policies: PoliciesRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: PolicyQuery) {
    const scope = { tenantId: by.tenantId, route: 'policies', filters };
    const stretch = stretchOf(this.cursors, scope, cursor, limit);
    const { from = always.from, to = always.to, orgUnitId } = filters;
    const found = await this.work.read(by.tenantId, (tx) =>
      this.policies.page(tx, by.tenantId, { ...stretch, from, to, orgUnitId }),
    );
    const { data, ...next } = pageOf(this.cursors, scope, found, limit, ({ effectiveFrom }) => effectiveFrom);
    return { data: data.map(policyResponse), ...next };
  }

  async get(by: Principal, id: string) {
    const policy = await this.work.read(by.tenantId, (tx) => this.policies.find(tx, by.tenantId, id));
    if (!policy) throw notFound('policy');
    return policyResponse(policy);
  }

  create({ tenantId, userId }: Principal, body: NewPolicy): Write {
    return this.writes.change(async (tx) => {
      const policy = await this.policies.insert(tx, tenantId, body, userId);
      const reach = await this.policies.mark(tx, tenantId, policy);
      const location = `/api/attendance/policies/${policy.id}`;
      return {
        answer: { status: 201, body: { ...policyResponse(policy), ...reach }, location, version: policy.version },
        audit: [entry('create', policy.id, undefined, { ...policyToAudit(policy), ...reach })],
      };
    });
  }

  update({ tenantId }: Principal, id: string, { name, settings }: PolicyPatch, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, tenantId, id, expectedVersion);
      if (settings !== undefined && before.inUse) throw inUse('/settings');
      const given = settings === undefined ? before.settings : JSON.stringify(settings.given);
      const after = await this.policies.update(tx, tenantId, id, name ?? before.name, given);
      // A person may live east of the tenant's clock, and have a day on record by a version that begins tomorrow.
      const reach =
        settings === undefined ? { markedDays: 0, lockedDays: 0 } : await this.policies.mark(tx, tenantId, after);
      return {
        answer: { status: 200, body: { ...policyResponse(after), ...reach }, version: after.version },
        audit: [entry('update', id, policyToAudit(before), policyToAudit(after))],
      };
    });
  }

  remove({ tenantId }: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, tenantId, id, expectedVersion);
      if (before.inUse) throw inUse();
      await this.policies.remove(tx, tenantId, id);
      const reach = await this.policies.mark(tx, tenantId, before);
      return {
        answer: { status: 200, body: { ...policyResponse(before), ...reach } },
        audit: [entry('delete', id, policyToAudit(before))],
      };
    });
  }

  private async locked(tx: Transaction, tenantId: string, id: string, expectedVersion?: number): Promise<StoredPolicy> {
    const policy = await this.policies.lock(tx, tenantId, id);
    if (!policy) throw notFound('policy');
    assertVersion('this policy', policy.version, expectedVersion);
    return policy;
  }
}

function inUse(pointer?: string): Problem {
  const detail =
    'Days are computed by this version already, so only its name can change. Create a version that takes over from a later date.';
  const errors =
    pointer === undefined ? {} : { errors: [{ pointer, code: 'policy_in_use', detail: 'cannot change any more' }] };
  return new Problem('policy_in_use', detail, errors);
}

function entry(
  action: AuditEntry['action'],
  id: string,
  before?: AuditEntry['before'],
  after?: AuditEntry['after'],
): AuditEntry {
  return { entity: 'policy', action, entityId: id, ...(before ? { before } : {}), ...(after ? { after } : {}) };
}
