import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import type { RoleAction } from './role-assignments.repository';

const columns = `b.id, b.action, b.role, b.created_by AS "createdBy", b.created_at AS "createdAt",
  b.undone_by AS "undoneBy", b.undone_at AS "undoneAt", cardinality(b.user_ids) AS changed`;
const insert = statement(
  'role_batches.insert',
  'INSERT INTO role_batches (tenant_id, action, role, user_ids, created_by) VALUES ($1, $2, $3, $4, $5) RETURNING id',
);
const page = statement(
  'role_batches.page',
  `SELECT ${columns} FROM role_batches b WHERE b.tenant_id = $1 AND b.id < $2 ORDER BY b.id DESC LIMIT $3`,
);
const lock = statement(
  'role_batches.lock',
  `SELECT ${columns}, b.user_ids AS "userIds" FROM role_batches b WHERE b.tenant_id = $1 AND b.id = $2 FOR UPDATE`,
);
// A batch and the roles it gave were written in one transaction, whose instant both bear: a role given again since then bears another.
const given = statement(
  'role_batches.still_given',
  `SELECT r.user_id AS id FROM user_roles r JOIN role_batches b ON b.tenant_id = r.tenant_id AND b.role = r.role AND b.created_at = r.granted_at
   WHERE r.tenant_id = $1 AND b.id = $2 AND r.user_id = ANY (b.user_ids)`,
);
const undone = statement(
  'role_batches.mark_undone',
  'UPDATE role_batches b SET undone_by = $3, undone_at = now() WHERE b.tenant_id = $1 AND b.id = $2 RETURNING b.undone_at AS "undoneAt"',
);

/** What a batch changed, and whether that was undone. */
export interface RoleBatch {
  readonly id: string;
  readonly action: RoleAction;
  readonly role: string;
  /** How many users it changed. */
  readonly changed: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly undoneBy: string | null;
  readonly undoneAt: Date | null;
}

/** Remembers whose roles a batch changed. */
@Injectable()
export class RoleBatchesRepository {
  async insert(tx: Transaction, by: string, action: RoleAction, role: string, ids: readonly string[]): Promise<string> {
    return (await tx.one<{ id: string }>(insert, [tx.tenantId, action, role, ids, by])).id;
  }

  page(tx: Transaction, { after: [id], limit }: PageBounds): Promise<RoleBatch[]> {
    return tx.rows<RoleBatch>(page, [tx.tenantId, id, limit]);
  }

  /** The batch and whom it changed, locked until the end of the transaction. */
  lock(tx: Transaction, id: string): Promise<(RoleBatch & { readonly userIds: readonly string[] }) | undefined> {
    return tx.row(lock, [tx.tenantId, id]);
  }

  /** Those who still have the role from this batch. */
  async stillGiven(tx: Transaction, id: string): Promise<ReadonlySet<string>> {
    return new Set((await tx.rows<{ id: string }>(given, [tx.tenantId, id])).map((row) => row.id));
  }

  async markUndone(tx: Transaction, id: string, by: string): Promise<Date> {
    return (await tx.one<{ undoneAt: Date }>(undone, [tx.tenantId, id, by])).undoneAt;
  }
}
