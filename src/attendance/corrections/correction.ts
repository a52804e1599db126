import { withoutNulls, type WithoutNulls } from '../../http/input/without-nulls';
import type { RecordedType } from '../punches/presence';
import type { CorrectionKind, CorrectionStatus } from './correction-kind';

/** What a correction moves from or to: what was punched, and when (an instant in UTC, with milliseconds). */
export interface PunchState {
  readonly type: RecordedType;
  readonly occurredAt: string;
}

/** A row of `correction_requests`. */
interface CorrectionRow {
  readonly id: string;
  readonly employeeId: string;
  readonly kind: CorrectionKind;
  /** The punch that it is about, as of `punchVersion`; null where one is missing. */
  readonly punchId: string | null;
  readonly punchVersion: number | null;
  readonly before: PunchState | null;
  /** What is requested; null where a punch is to go. */
  readonly after: PunchState | null;
  readonly reason: string;
  readonly status: CorrectionStatus;
  readonly requestedBy: string;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly notes: string | null;
  /** The punch that counts since; of a removal, the one that was removed. */
  readonly appliedPunchId: string | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** A request to put the punches of an employee right, and what somebody else decided about it. */
export type Correction = WithoutNulls<CorrectionRow>;

// The database keeps the members of an object in an order of its own.
const state = (column: string) =>
  `CASE WHEN ${column} IS NOT NULL THEN json_build_object('type', ${column}->'type', 'occurredAt', ${column}->'occurredAt') END`;

/** The columns of a correction, for every statement that reads corrections as `c`. */
export const correctionColumns = `c.id, c.employee_id AS "employeeId", c.kind, c.punch_id AS "punchId", c.punch_version AS "punchVersion",
  ${state('c.before')} AS before, ${state('c.after')} AS after, c.reason, c.status, c.requested_by AS "requestedBy",
  c.decided_by AS "decidedBy", c.decided_at AS "decidedAt", c.decision_note AS notes, c.applied_punch_id AS "appliedPunchId",
  c.version, c.created_at AS "createdAt", c.tenant_id AS row_tenant`;

/** The correction of a row that was read by these columns. */
export const correctionOf = (row: object): Correction => withoutNulls(row as CorrectionRow);

/** Where an entry of the ledger about a correction belongs. */
export const auditReference = ({ id, employeeId, punchId }: Correction) =>
  ({ entity: 'correction', entityId: id, employeeId, ...(punchId === undefined ? {} : { punchId }) }) as const;
