import type { Principal } from '../auth/principal';
import type { Transaction } from '../database/transaction';
import type { AuditEntry } from '../audit/ledger/entry';
import type { BuildAuditBatch } from '../audit/ledger/audit-batch';
import type { AuditBatch } from '../audit/ledger/ledger';
import type { Deferred } from '../http/routes/deferred';
import type { Problem } from '../http/problems/problem';
import type { KeyedRequest } from '../idempotency/keyed-request';

/** Who writes, for which tenant, on which request. Passed explicitly to everything that writes. */
export interface WriteContext {
  readonly tenantId: string;
  readonly actor: Principal;
  readonly requestId: string;
  readonly ip: string;
  /** Concrete path, for the refusals that are stored. */
  readonly path: string;
  /** From AuditInterceptor; a write without it fails before its commit. */
  readonly buildAuditBatch?: BuildAuditBatch;
  /** From IdempotencyInterceptor, when the request carried an Idempotency-Key. */
  readonly key?: KeyedRequest;
}

/** What a write answers, before it is turned into the bytes that are stored and sent. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: unknown;
  /** Path of what was created. */
  readonly location?: string;
  /** Version of what is answered, for If-Match. */
  readonly version?: number;
}

/** What is sent: byte for byte the same for the first request and for every repetition. */
export interface SentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly replayed: boolean;
  /** The refusal in these bytes; absent on replays and successes. */
  readonly problem?: Problem;
}

/** What a change did: the answer, and the evidence of it. */
export interface Outcome {
  readonly answer: Answer;
  /**
   * At least one entry, or the write is refused as a fault of ours. `unchanged` is for a request that found everything as it asks for: the
   * ledger is of changes, and a repetition is none.
   */
  readonly audit: readonly AuditEntry[] | 'unchanged';
  /**
   * Called once the change is committed, and never when it is not: for what this process remembers of the old state. Other
   * other replicas do not learn of it, so it may only serve speed; it must not throw.
   */
  readonly committed?: () => void;
}

/**
 * What the handler of a write route returns: the write, not yet done. WriteInterceptor does it once the body is known to be
 * valid, inside the unit of work, with the key, the ledger and the stored answer.
 */
export type Write = Deferred<WriteContext, SentAnswer>;

/** Evidence of a write, for the ledger. */
export function auditBatchOf({ buildAuditBatch }: WriteContext, entries: readonly AuditEntry[]): AuditBatch {
  if (!buildAuditBatch) throw new Error('The write has no audit context: AuditInterceptor has not seen it');
  return buildAuditBatch(entries);
}

/** A change of one tenant's data, done in the transaction it is given. */
export type Change = (tx: Transaction, context: WriteContext) => Promise<Outcome>;
