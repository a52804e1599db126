import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository, type Values } from '../../database/orm/resource-repository';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { Problem } from '../../http/problems/problem';
import { applyingIn, datedPage } from '../dates/dated-page';
import { always } from '../dates/fields';
import { StoredPolicy } from './policy.entity';
import type { PolicyQuery } from './policy.schemas';

const mark = statement(
  'policies.mark',
  `SELECT mark_days($1::uuid, $2::uuid, $3::date, '${always.to}'::date)::integer AS days`,
);
const locked = statement(
  'policies.locked_days',
  `SELECT count(*)::integer AS days FROM day_records d JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
   WHERE d.tenant_id = $1 AND d.work_date >= $3::date AND ($2::uuid IS NULL OR u.org_unit_id = $2)
     AND EXISTS (SELECT FROM pay_periods c WHERE c.tenant_id = $1 AND c.status = 'closed' AND d.work_date BETWEEN c.start_date AND c.end_date)`,
);

/** How many days a change of the rules affects. */
export interface AffectedDays {
  readonly markedDays: number;
  readonly lockedDays: number;
}

const dateTaken = () =>
  new Problem(
    'date_taken',
    'A version of the rules begins on this date already, for the same people. Choose another date.',
    { errors: [{ pointer: '/effectiveFrom', code: 'date_taken', detail: 'is taken; choose another date' }] },
  );

@Injectable()
export class PoliciesRepository extends ResourceRepository<StoredPolicy, PolicyQuery> {
  constructor(@InjectRepository(StoredPolicy) policies: Repository<StoredPolicy>) {
    super(policies, 'policy', { attendance_policies_date_unique: dateTaken });
  }

  page(tx: Transaction, filters: PolicyQuery, bounds: PageBounds): Promise<StoredPolicy[]> {
    return datedPage(
      applyingIn(this.select(tx, 'policy'), filters.orgUnitId),
      'effectiveFrom',
      filters,
      bounds,
    ).getMany();
  }

  /** Read again: an INSERT answers nothing of the tenant. */
  override async insert(tx: Transaction, values: Values<StoredPolicy>, createdBy: string): Promise<StoredPolicy> {
    const { id } = await super.insert(tx, values, createdBy);
    return this.get(tx, id);
  }

  /** Has the days on record from its date on computed again; those of closed periods are counted and left alone. */
  async mark(tx: Transaction, { orgUnitId, effectiveFrom }: StoredPolicy): Promise<AffectedDays> {
    const values = [tx.tenantId, orgUnitId, effectiveFrom];
    const [marked, left] = await Promise.all([
      tx.one<{ days: number }>(mark, values),
      tx.one<{ days: number }>(locked, values),
    ]);
    return { markedDays: marked.days, lockedDays: left.days };
  }
}
