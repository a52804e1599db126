import { Injectable } from '@nestjs/common';
import { Problem } from '../../http/problems/problem';
import { withoutNulls } from '../../http/input/without-nulls';
import { EditedResourceService } from '../../writes/edited-resource.service';
import { byDate } from '../dates/dated-page';
import { formatDate } from '../rules/time/calendar';
import { zoneNamed } from '../rules/time/zone';
import { type AffectedDays, PoliciesRepository } from './policies.repository';
import { policyOf } from './policies-in-force';
import type { StoredPolicy } from './policy.entity';
import type { NewPolicy, PolicyPatch, PolicyQuery } from './policy.schemas';
import { policyView } from './policy-view';

/** Whether its date has come in the tenant's zone: days are being computed by it, so it stays what it is. */
const isInUse = ({ timeZone, effectiveFrom }: StoredPolicy) =>
  effectiveFrom <= formatDate(zoneNamed(timeZone).dayOf(Math.floor(Date.now() / 1000)));

function toResponse(policy: StoredPolicy) {
  const { id, name, effectiveFrom, orgUnitId, settings, version, createdAt, updatedAt, createdBy } = policy;
  const effective = policyView(policyOf(JSON.stringify(settings)));
  const inUse = isInUse(policy);
  const what = withoutNulls({ id, name, effectiveFrom, orgUnitId });
  return { ...what, inUse, settings, effective, version, createdAt, updatedAt, createdBy };
}
type Response = ReturnType<typeof toResponse>;

const toAudit = (policy: Response & Partial<AffectedDays>) => {
  const { name, effectiveFrom, orgUnitId, settings, markedDays, lockedDays } = policy;
  return { name, effectiveFrom, orgUnitId, settings, markedDays, lockedDays };
};

function valuesOf({ settings, ...values }: NewPolicy | PolicyPatch, before?: StoredPolicy) {
  if (before && settings !== undefined) mustNotBeInUse(before, '/settings');
  return { ...values, settings: settings?.given };
}

/** The versions of the rules. One whose date has come is what days were computed by: it stays, and a new one takes over. */
@Injectable()
export class PoliciesService extends EditedResourceService<
  StoredPolicy,
  Response,
  NewPolicy | PolicyPatch,
  PolicyQuery
> {
  constructor(policies: PoliciesRepository) {
    super(policies, {
      entity: 'policy',
      path: '/api/attendance/policies',
      order: { ...byDate, positionOf: ({ effectiveFrom, id }) => [effectiveFrom, id] },
      valuesOf,
      toResponse,
      toAudit,
      assertRemovable: (policy) => {
        mustNotBeInUse(policy);
      },
      // A person may live east of the tenant's clock, and have a day on record by a version that begins tomorrow.
      afterChange: async (tx, [before, after]) =>
        after && after.settings === before.settings ? noDays : policies.mark(tx, before),
    });
  }
}

const noDays: AffectedDays = { markedDays: 0, lockedDays: 0 };

function mustNotBeInUse(policy: StoredPolicy, pointer?: string): void {
  if (!isInUse(policy)) return;
  const detail =
    'Days are computed by this version already, so only its name can change. Create a version that takes over from a later date.';
  const errors =
    pointer === undefined ? {} : { errors: [{ pointer, code: 'policy_in_use', detail: 'cannot change any more' }] };
  throw new Problem('policy_in_use', detail, errors);
}
