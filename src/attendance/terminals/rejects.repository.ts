import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { RejectedLine, ReportedLine } from './attlog-lines';
import { clockReasons } from './clock-check';

const keep = statement(
  'terminals.keep_rejects',
  `INSERT INTO device_rejects (tenant_id, device_id, line, line_hash, reason, detail)
   SELECT $1, $2, r.line, r.hash::bytea, r.reason, r.detail FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) r (line, hash, reason, detail)
   ON CONFLICT (tenant_id, device_id, line_hash) DO NOTHING`,
);
const settle = statement(
  'terminals.settle_rejects',
  `DELETE FROM device_rejects r USING unnest($3::text[]) h (hash)
   WHERE r.tenant_id = $1 AND r.device_id = $2 AND r.line_hash = h.hash::bytea`,
);
const columns = `r.id, r.device_id AS "deviceId", r.line, r.reason, r.detail, r.received_at AS "receivedAt",
     CASE WHEN r.dismissed_at IS NOT NULL THEN jsonb_build_object('reason', r.dismissal, 'by', r.dismissed_by, 'at', r.dismissed_at) END AS dismissal`;
const page = statement(
  'terminals.rejects',
  `SELECT ${columns} FROM device_rejects r
   WHERE r.tenant_id = $1 AND ($2::uuid IS NULL OR r.device_id = $2) AND ($3::uuid IS NULL OR r.id < $3)
     AND ($5 = 'all' OR (r.dismissed_at IS NULL) = ($5 = 'open')) ORDER BY r.id DESC LIMIT $4`,
);
const lock = statement(
  'terminals.reject_lock',
  `SELECT ${columns} FROM device_rejects r WHERE r.tenant_id = $1 AND r.device_id = $2 AND r.id = ANY ($3::uuid[]) ORDER BY r.id FOR UPDATE`,
);
const dismiss = statement(
  'terminals.reject_dismiss',
  `UPDATE device_rejects r SET dismissed_at = now(), dismissed_by = $3, dismissal = $4 WHERE r.tenant_id = $1 AND r.id = ANY ($2::uuid[])`,
);
const lines = statement(
  'terminals.rejected_lines',
  `SELECT r.line FROM device_rejects r WHERE r.tenant_id = $1 AND r.device_id = $2 AND r.reason <> ALL ($3::text[])
     AND r.dismissed_at IS NULL ORDER BY r.id LIMIT $4`,
);
const held = statement(
  'terminals.held_lines',
  `SELECT r.line FROM device_rejects r JOIN unnest($3::text[]) h (hash) ON r.line_hash = h.hash::bytea
   WHERE r.tenant_id = $1 AND r.device_id = $2 AND (r.reason = ANY ($4::text[]) OR r.dismissed_at IS NOT NULL)`,
);

const count = statement(
  'terminals.rejects_count',
  'SELECT count(*)::int AS n FROM device_rejects r WHERE r.tenant_id = $1 AND r.device_id = $2 AND r.reason = $3 AND r.dismissed_at IS NULL',
);

export interface Reject extends Record<string, unknown> {
  readonly id: string;
  readonly deviceId: string;
  readonly line: string;
  readonly reason: string;
  readonly detail: string;
  readonly receivedAt: Date;
  /** Who decided to leave it out, and why. */
  readonly dismissal?: { readonly reason: string; readonly by: string; readonly at: string };
}
type RejectRow = Omit<Reject, 'dismissal'> & { readonly dismissal: Reject['dismissal'] | null };

/** Lines that no punch was made of, kept until one is. */
@Injectable()
export class RejectsRepository {
  /** Keeps what was rejected, once each however often it is sent; forgets what became a punch this time. */
  async settle(
    tx: Transaction,
    tenantId: string,
    deviceId: string,
    recorded: readonly ReportedLine[],
    rejected: readonly RejectedLine[],
  ): Promise<void> {
    await Promise.all([
      recorded.length > 0 && tx.run(settle, [tenantId, deviceId, recorded.map(({ text }) => hashOf(text))]),
      rejected.length > 0 &&
        tx.run(keep, [
          tenantId,
          deviceId,
          rejected.map(({ text }) => text),
          rejected.map(({ text }) => hashOf(text)),
          rejected.map(({ reason }) => reason),
          rejected.map(({ detail }) => detail),
        ]),
    ]);
  }

  async page(
    tx: Transaction,
    tenantId: string,
    deviceId: string | null,
    status: 'open' | 'dismissed' | 'all',
    before: string | null,
    limit: number,
  ): Promise<Reject[]> {
    return (await tx.rows<RejectRow>(page, [tenantId, deviceId, before, limit, status])).map(rejectOf);
  }

  /** Those of the lines that are of this device, locked until the end of the transaction. */
  async lock(tx: Transaction, tenantId: string, deviceId: string, ids: readonly string[]): Promise<Reject[]> {
    return (await tx.rows<RejectRow>(lock, [tenantId, deviceId, ids])).map(rejectOf);
  }

  async dismiss(tx: Transaction, tenantId: string, ids: readonly string[], by: string, reason: string): Promise<void> {
    await tx.run(dismiss, [tenantId, ids, by, reason]);
  }

  /** How many of a device are open for this reason. */
  async count(tx: Transaction, tenantId: string, deviceId: string, reason: string): Promise<number> {
    return (await tx.row<{ n: number }>(count, [tenantId, deviceId, reason]))?.n ?? 0;
  }

  /** The oldest ones of a device; those whose time is in doubt only if somebody says that the clock was right. */
  async lines(tx: Transaction, tenantId: string, deviceId: string, trustsClock: boolean, limit: number) {
    const left = trustsClock ? [] : clockReasons;
    return (await tx.rows<{ line: string }>(lines, [tenantId, deviceId, left, limit])).map(({ line }) => line);
  }

  /** Which of these lines are dismissed or held because of their time, so that sending them once more does not make punches of them. */
  async held(tx: Transaction, tenantId: string, deviceId: string, sent: readonly ReportedLine[]): Promise<string[]> {
    if (sent.length === 0) return [];
    const hashes = sent.map(({ text }) => hashOf(text));
    return (await tx.rows<{ line: string }>(held, [tenantId, deviceId, hashes, clockReasons])).map(({ line }) => line);
  }
}

const rejectOf = ({ dismissal, ...row }: RejectRow): Reject =>
  ({ ...row, ...(dismissal ? { dismissal } : {}) }) as Reject;

const hashOf = (line: string) => `\\x${createHash('sha256').update(line).digest('hex')}`;
