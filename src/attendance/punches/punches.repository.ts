import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import type { Punch } from './punch';
import { punchColumns, punchOf, type PunchRow } from './punch-row';

const columns = punchColumns
  .split(',')
  .map((column) => `p.${column.trim()}`)
  .join(', ')
  .concat(', p.tenant_id AS row_tenant');

const byId = statement('punches.by_id', `SELECT ${columns} FROM punches p WHERE p.tenant_id = $1 AND p.id = $2`);
const lockById = statement(
  'punches.lock_by_id',
  `SELECT ${columns} FROM punches p JOIN users u ON u.tenant_id = p.tenant_id AND u.id = p.employee_id
   WHERE p.tenant_id = $1 AND p.id = $2 FOR NO KEY UPDATE`,
);

const anyStatus = '($3::text IS NULL OR p.status = $3)';
const page = (who: string, status = anyStatus) => `SELECT ${columns} FROM punches p
  WHERE p.tenant_id = $1 ${who} AND ${status}
    AND p.occurred_at >= $4::timestamptz AND p.occurred_at < $5::timestamptz AND (p.occurred_at, p.id) < ($6::timestamptz, $7::uuid)
  ORDER BY p.occurred_at DESC, p.id DESC LIMIT $8`;
const pageOfTenant = statement('punches.page_of_tenant', page('AND $2::uuid IS NULL'));
const pageOfEmployee = statement('punches.page_of_employee', page('AND p.employee_id = $2::uuid'));
const pageOfUnit = statement(
  'punches.page_of_unit',
  page(
    'AND EXISTS (SELECT FROM users u WHERE u.tenant_id = p.tenant_id AND u.id = p.employee_id AND u.org_unit_id = $2::uuid)',
  ),
);

// Few among millions, and asked for every day: the index holds them alone, and is found when the statement says so.
const quarantined = statement(
  'punches.page_of_quarantined',
  page(
    `AND ($2::uuid IS NULL OR EXISTS (SELECT FROM users u WHERE u.tenant_id = p.tenant_id AND u.id = p.employee_id AND u.org_unit_id = $2))`,
    `p.status = 'quarantined' AND p.status = $3`,
  ),
);

const insertCorrection = statement(
  'punches.insert_correction',
  `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id,
     shift_id, latitude, longitude, accuracy_meters, client_punch_id, dedupe_key, flags, replaces, reason, created_by)
   SELECT p.tenant_id, new_id(), p.employee_id, $3, $4::timestamptz, now(), $5::smallint,
     (extract(epoch FROM now() - $4::timestamptz) * 1000)::bigint, 'admin', p.device_id, p.shift_id, p.latitude, p.longitude,
     p.accuracy_meters, NULL, NULL, '{}', p.id, $6, $7
   FROM punches p WHERE p.tenant_id = $1 AND p.id = $2
   RETURNING ${punchColumns}`,
);
// Trigger `punches_settled` marks the days of what no longer counts.
const settle = statement(
  'punches.settle',
  `UPDATE punches SET status = $3, superseded_by = $4, reason = $5, version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND status = 'active' RETURNING ${punchColumns}`,
);

export interface PunchPageQuery {
  readonly of: { readonly kind: 'tenant' } | { readonly kind: 'employee' | 'unit'; readonly id: string };
  readonly status?: Punch['status'];
  readonly from: string;
  readonly to: string;
}

/** Reads and settles punches of one tenant. Recording is the PunchRecorder's. */
@Injectable()
export class PunchesRepository {
  async find(tx: Transaction, tenantId: string, id: string): Promise<Punch | undefined> {
    const row = await tx.row<PunchRow>(byId, [tenantId, id]);
    return row && punchOf(row);
  }

  /** The punch, with it and its employee locked: what recording locks, so corrections and punches take turns. */
  async lock(tx: Transaction, tenantId: string, id: string): Promise<Punch | undefined> {
    const row = await tx.row<PunchRow>(lockById, [tenantId, id]);
    return row && punchOf(row);
  }

  async page(tx: Transaction, tenantId: string, query: PunchPageQuery, { after, limit }: PageBounds): Promise<Punch[]> {
    const byScope = { tenant: pageOfTenant, employee: pageOfEmployee, unit: pageOfUnit }[query.of.kind];
    const chosen = query.status === 'quarantined' && query.of.kind !== 'employee' ? quarantined : byScope;
    const who = query.of.kind === 'tenant' ? null : query.of.id;
    const values = [tenantId, who, query.status ?? null, query.from, query.to, ...after, limit];
    return (await tx.rows<PunchRow>(chosen, values)).map(punchOf);
  }

  async insertCorrection(
    tx: Transaction,
    tenantId: string,
    corrected: { id: string; type: string; occurredAt: Date; offsetMinutes: number | null; reason: string; by: string },
  ): Promise<Punch> {
    const { id, type, occurredAt, offsetMinutes, reason, by } = corrected;
    const row = await tx.row<PunchRow>(insertCorrection, [
      tenantId,
      id,
      type,
      occurredAt.toISOString(),
      offsetMinutes,
      reason,
      by,
    ]);
    if (!row) throw new Error('The corrected punch disappeared under its lock');
    return punchOf(row);
  }

  /** Ends the active life of a punch; undefined when it had ended before. */
  async deactivate(
    tx: Transaction,
    tenantId: string,
    id: string,
    as: 'superseded' | 'deleted',
    reason: string,
    by?: string,
  ): Promise<Punch | undefined> {
    const row = await tx.row<PunchRow>(settle, [tenantId, id, as, by ?? null, reason]);
    return row && punchOf(row);
  }
}
