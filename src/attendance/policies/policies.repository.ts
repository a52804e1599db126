import { Injectable } from '@nestjs/common';
import { refusing } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { always } from '../dates/fields';
import type { Stretch } from '../dates/paging';
import { policyColumns, type PolicyRow, type StoredPolicy, storedPolicyOf } from './policy';
import type { NewPolicy } from './policy.schemas';

const byId = (lock: string) =>
  `SELECT ${policyColumns} FROM attendance_policies p WHERE p.tenant_id = $1 AND p.id = $2 ${lock}`;
const find = statement('calendar.policy', byId(''));
const lock = statement('calendar.policy_lock', byId('FOR UPDATE OF p'));
const page = statement(
  'calendar.policies',
  `SELECT ${policyColumns} FROM attendance_policies p
   WHERE p.tenant_id = $1 AND p.effective_from BETWEEN $2::date AND $3::date
     AND ($4::uuid IS NULL OR p.org_unit_id = $4 OR p.org_unit_id IS NULL) AND (p.effective_from, p.id) > ($5::date, $6::uuid)
   ORDER BY p.effective_from, p.id LIMIT $7`,
);
const insert = statement(
  'calendar.policy_insert',
  `INSERT INTO attendance_policies AS p (tenant_id, name, org_unit_id, effective_from, settings, created_by)
   VALUES ($1, $2, $3::uuid, $4::date, $5::jsonb, $6) RETURNING ${policyColumns}`,
);
const update = statement(
  'calendar.policy_update',
  `UPDATE attendance_policies AS p SET name = $3, settings = $4::jsonb, version = version + 1, updated_at = now()
   WHERE p.tenant_id = $1 AND p.id = $2 RETURNING ${policyColumns}`,
);
const remove = statement('calendar.policy_delete', 'DELETE FROM attendance_policies WHERE tenant_id = $1 AND id = $2');
const mark = statement(
  'calendar.mark_policy',
  `SELECT mark_days($1::uuid, $2::uuid, $3::date, '${always.to}'::date)::integer AS days`,
);
const locked = statement(
  'calendar.locked_days',
  `SELECT count(*)::integer AS days FROM day_records d JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
   WHERE d.tenant_id = $1 AND d.work_date >= $3::date AND ($2::uuid IS NULL OR u.org_unit_id = $2)
     AND EXISTS (SELECT FROM pay_periods c WHERE c.tenant_id = $1 AND c.status = 'closed' AND d.work_date BETWEEN c.start_date AND c.end_date)`,
);

/** What a change of the rules sets going. */
interface Reach {
  readonly markedDays: number;
  readonly lockedDays: number;
}

/** Reads and changes the policy versions of one tenant. */
@Injectable()
export class PoliciesRepository {
  async find(tx: Transaction, tenantId: string, id: string): Promise<StoredPolicy | undefined> {
    const row = await tx.row<PolicyRow>(find, [tenantId, id]);
    return row && storedPolicyOf(row);
  }

  async lock(tx: Transaction, tenantId: string, id: string): Promise<StoredPolicy | undefined> {
    const row = await tx.row<PolicyRow>(lock, [tenantId, id]);
    return row && storedPolicyOf(row);
  }

  async page(
    tx: Transaction,
    tenantId: string,
    asked: Stretch & { from: string; to: string; orgUnitId: string | undefined },
  ): Promise<StoredPolicy[]> {
    const values = [tenantId, asked.from, asked.to, asked.orgUnitId ?? null, ...asked.after, asked.limit];
    return (await tx.rows<PolicyRow>(page, values)).map(storedPolicyOf);
  }

  async insert(tx: Transaction, tenantId: string, policy: NewPolicy, by: string): Promise<StoredPolicy> {
    const { name, orgUnitId, effectiveFrom, settings } = policy;
    const values = [tenantId, name, orgUnitId ?? null, effectiveFrom, JSON.stringify(settings.given), by];
    return present(await refusing(tx.row<PolicyRow>(insert, values), taken));
  }

  async update(tx: Transaction, tenantId: string, id: string, name: string, settings: string): Promise<StoredPolicy> {
    return present(await tx.row<PolicyRow>(update, [tenantId, id, name, settings]));
  }

  async remove(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await tx.run(remove, [tenantId, id]);
  }

  /** Has the days on record from its date on computed again; those of closed periods are counted and left alone. */
  async mark(tx: Transaction, tenantId: string, { orgUnitId, effectiveFrom }: StoredPolicy): Promise<Reach> {
    const values = [tenantId, orgUnitId ?? null, effectiveFrom];
    const [marked, left] = await Promise.all([
      tx.row<{ days: number }>(mark, values),
      tx.row<{ days: number }>(locked, values),
    ]);
    return { markedDays: marked?.days ?? 0, lockedDays: left?.days ?? 0 };
  }
}

function present(row: PolicyRow | undefined): StoredPolicy {
  if (!row) throw new Error('A policy disappeared under its lock');
  return storedPolicyOf(row);
}

const taken = {
  attendance_policies_date_unique: () =>
    new Problem(
      'date_taken',
      'A version of the rules begins on this date already, for the same people. Choose another date.',
      {
        errors: [{ pointer: '/effectiveFrom', code: 'date_taken', detail: 'is taken; choose another date' }],
      },
    ),
};
