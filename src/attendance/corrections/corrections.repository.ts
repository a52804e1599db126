import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { type Correction, correctionColumns, correctionOf, type PunchState } from './correction';
import type { CorrectionKind } from './correction-kind';

const find = statement(
  'corrections.find',
  `SELECT ${correctionColumns} FROM correction_requests c WHERE c.tenant_id = $1 AND c.id = $2`,
);
const lock = statement(
  'corrections.lock',
  `SELECT ${correctionColumns} FROM correction_requests c WHERE c.tenant_id = $1 AND c.id = $2 FOR NO KEY UPDATE`,
);
const page = (who: string) => `SELECT ${correctionColumns}
   FROM correction_requests c JOIN users u ON u.tenant_id = c.tenant_id AND u.id = c.employee_id
   WHERE c.tenant_id = $1 AND ($2::uuid IS NULL OR u.org_unit_id = $2) AND ${who} AND ($4::text IS NULL OR c.status = $4)
     AND c.id < $5::uuid
   ORDER BY c.id DESC LIMIT $6`;
const pageOfAll = statement('corrections.page', page('$3::uuid IS NULL'));
// The index by employee finds the few of one among everybody's.
const pageOfEmployee = statement('corrections.page_of_employee', page('c.employee_id = $3::uuid'));
const insert = statement(
  'corrections.insert',
  `INSERT INTO correction_requests AS c (tenant_id, employee_id, kind, punch_id, punch_version, before, after, reason, requested_by)
   VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9) RETURNING ${correctionColumns}`,
);
const decide = statement(
  'corrections.decide',
  `UPDATE correction_requests AS c SET status = $3, decided_by = $4, decided_at = now(), decision_note = $5, applied_punch_id = $6,
     version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2 AND status = 'pending' RETURNING ${correctionColumns}`,
);
const cancel = statement(
  'corrections.cancel',
  `UPDATE correction_requests AS c SET status = 'cancelled', version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2 AND status = 'pending' RETURNING ${correctionColumns}`,
);

/** A correction as it is asked for. */
interface CorrectionDraft {
  readonly employeeId: string;
  readonly kind: CorrectionKind;
  readonly punch: { readonly id: string; readonly version: number } | undefined;
  readonly before: PunchState | undefined;
  readonly after: PunchState | undefined;
  readonly reason: string;
  readonly by: string;
}

/** Whose corrections a list is about, and in which state; null where any will do. */
interface CorrectionFilters {
  readonly unitId: string | null;
  readonly employeeId: string | null;
  readonly status: string | null;
}

/** Reads and writes the corrections of one tenant. */
@Injectable()
export class CorrectionsRepository {
  async find(tx: Transaction, id: string): Promise<Correction | undefined> {
    const row = await tx.row(find, [tx.tenantId, id]);
    return row && correctionOf(row);
  }

  async lock(tx: Transaction, id: string): Promise<Correction | undefined> {
    const row = await tx.row(lock, [tx.tenantId, id]);
    return row && correctionOf(row);
  }

  /** A page of them, the newest first. */
  async page(tx: Transaction, wanted: CorrectionFilters, { after, limit }: PageBounds): Promise<Correction[]> {
    const { unitId, employeeId, status } = wanted;
    const values = [tx.tenantId, unitId, employeeId, status, ...after, limit];
    return (await tx.rows(employeeId === null ? pageOfAll : pageOfEmployee, values)).map(correctionOf);
  }

  async insert(tx: Transaction, draft: CorrectionDraft): Promise<Correction> {
    const { employeeId, kind, punch, before, after, reason, by } = draft;
    const states = [before, after].map((state) => (state ? JSON.stringify(state) : null));
    const values = [employeeId, kind, punch?.id ?? null, punch?.version ?? null, ...states, reason, by];
    return correctionOf(await tx.one(insert, [tx.tenantId, ...values]));
  }

  /** Decides about a pending one, which the caller has locked. */
  async decide(
    tx: Transaction,
    id: string,
    as: { status: 'approved' | 'rejected'; by: string; notes: string | undefined; appliedPunchId: string | undefined },
  ): Promise<Correction> {
    const values = [tx.tenantId, id, as.status, as.by, as.notes ?? null, as.appliedPunchId ?? null];
    return correctionOf(await tx.one(decide, values));
  }

  /** Cancels a pending one, which the caller has locked. */
  async cancel(tx: Transaction, id: string): Promise<Correction> {
    return correctionOf(await tx.one(cancel, [tx.tenantId, id]));
  }
}
