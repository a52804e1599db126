import type { RecordedType } from '../punches/presence';
import type { CorrectionKind, CorrectionStatus } from './correction-kind';

/** What a correction moves from or to: what was punched, and when (an instant in UTC, with milliseconds). */
export interface PunchState {
  readonly type: RecordedType;
  readonly occurredAt: string;
}

/** A request to put the punches of a person right, and what somebody else decided about it. */
export interface Correction {
  readonly id: string;
  readonly employeeId: string;
  readonly kind: CorrectionKind;
  /** The punch that it is about, as of `punchVersion`; absent where one is missing. */
  readonly punchId?: string;
  readonly punchVersion?: number;
  readonly before?: PunchState;
  /** What is wanted; absent where a punch is to go. */
  readonly after?: PunchState;
  readonly reason: string;
  readonly status: CorrectionStatus;
  readonly requestedBy: string;
  readonly decidedBy?: string;
  readonly decidedAt?: Date;
  readonly notes?: string;
  /** The punch that stands since; of a removal, the one that was removed. */
  readonly appliedPunchId?: string;
  readonly version: number;
  readonly createdAt: Date;
}

export interface CorrectionRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  kind: CorrectionKind;
  punch_id: string | null;
  punch_version: number | null;
  before: PunchState | null;
  after: PunchState | null;
  reason: string;
  status: CorrectionStatus;
  requested_by: string;
  decided_by: string | null;
  decided_at: Date | null;
  decision_note: string | null;
  applied_punch_id: string | null;
  version: number;
  created_at: Date;
}

/** The columns of CorrectionRow, for every statement that reads corrections as `c`. */
export const correctionColumns = `c.id, c.employee_id, c.kind, c.punch_id, c.punch_version, c.before, c.after, c.reason, c.status,
  c.requested_by, c.decided_by, c.decided_at, c.decision_note, c.applied_punch_id, c.version, c.created_at`;

export function correctionOf(row: CorrectionRow): Correction {
  return {
    id: row.id,
    employeeId: row.employee_id,
    kind: row.kind,
    ...(row.punch_id === null ? {} : { punchId: row.punch_id }),
    ...(row.punch_version === null ? {} : { punchVersion: row.punch_version }),
    ...(row.before === null ? {} : { before: stateOf(row.before) }),
    ...(row.after === null ? {} : { after: stateOf(row.after) }),
    reason: row.reason,
    status: row.status,
    requestedBy: row.requested_by,
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
    ...(row.decision_note === null ? {} : { notes: row.decision_note }),
    ...(row.applied_punch_id === null ? {} : { appliedPunchId: row.applied_punch_id }),
    version: row.version,
    createdAt: row.created_at,
  };
}

// The database keeps the members of an object in an order of its own.
const stateOf = ({ type, occurredAt }: PunchState): PunchState => ({ type, occurredAt });

/** A correction as the ledger remembers it when it is asked for. */
export function told({ kind, punchId, before, after, reason, status }: Correction): Record<string, unknown> {
  return { kind, punchId, from: before, to: after, reason, status };
}
