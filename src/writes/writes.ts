import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { Ledger } from '../audit/ledger/ledger';
import type { Transaction } from '../database/transaction';
import { type SavepointTransaction, UnitOfWork } from '../database/unit-of-work';
import { Problem } from '../http/problems/problem';
import { type Claim, KeyStore } from '../idempotency/key-store';
import type { KeyedRequest } from '../idempotency/keyed-request';
import { KeyedMutex } from '../idempotency/keyed-mutex';
import { encodeAnswer, encodeRefusal, replayOf } from './sent-answer';
import { type Change, auditBatchOf, type Outcome, type SentAnswer, type Write, type WriteContext } from './write';

/** What a transaction leaves behind: what to send, and what to do once it is committed. */
interface Done extends Pick<Outcome, 'committed'> {
  readonly answer: SentAnswer;
}

/**
 * The one path of a write that changes one tenant's data on its own: claim the key, do the change, write its evidence, store
 * the answer, commit. Three exchanges with the database where the change needs one. (Punches are grouped: see PunchRecorder.)
 */
@Injectable()
export class Writes {
  constructor(
    private readonly work: UnitOfWork,
    private readonly keys: KeyStore,
    private readonly mutex: KeyedMutex,
    private readonly ledger: Ledger,
    @InjectMetric('idempotency_requests_total') private readonly outcomes: Counter<'outcome'>,
  ) {
    for (const outcome of ['executed', 'replayed', 'reused', 'in_use']) outcomes.inc({ outcome }, 0);
  }

  /** The write that does `change`. Nothing happens before it is performed. */
  change(change: Change): Write {
    return {
      perform: (context) => (context.key ? this.keyed(change, context, context.key) : this.plain(change, context)),
    };
  }

  private async plain(change: Change, context: WriteContext): Promise<SentAnswer> {
    const { answer, committed } = await this.work.write(context.tenantId, async (tx): Promise<Done> => {
      const outcome = await change(tx, context);
      this.recordAudit(tx, context, outcome);
      return { answer: encodeAnswer(outcome.answer), committed: outcome.committed };
    });
    committed?.();
    return answer;
  }

  private keyed(change: Change, context: WriteContext, key: KeyedRequest): Promise<SentAnswer> {
    return this.mutex.runExclusive(key.scope, async () => {
      const done = await this.work.writeWithSavepoint(context.tenantId, async (guarded): Promise<Done | 'busy'> => {
        const [claim] = await this.keys.claim(guarded.tx, [{ tenantId: context.tenantId, key }]);
        const resolved = resolveClaim(claim, this.outcomes);
        if (resolved) return resolved === 'busy' ? resolved : { answer: resolved };
        return this.execute(change, context, key, guarded);
      });
      if (done === 'busy') return done;
      done.committed?.();
      return done.answer;
    });
  }

  private async execute(
    change: Change,
    context: WriteContext,
    key: KeyedRequest,
    guarded: SavepointTransaction,
  ): Promise<Done> {
    const outcome = await guarded.attempt(() => change(guarded.tx, context));
    const answer = outcome instanceof Problem ? encodeRefusal(outcome, context) : encodeAnswer(outcome.answer);
    if (!(outcome instanceof Problem)) this.recordAudit(guarded.tx, context, outcome);
    void this.keys.store(guarded.tx, [{ tenantId: context.tenantId, key, answer }]);
    this.outcomes.inc({ outcome: 'executed' });
    return outcome instanceof Problem ? { answer } : { answer, committed: outcome.committed };
  }

  private recordAudit(tx: Transaction, context: WriteContext, outcome: Outcome): void {
    if (outcome.audit === 'unchanged') return;
    this.ledger.append(tx, [auditBatchOf(context, outcome.audit)]).catch(() => undefined);
  }
}

/** What a claim decides by itself, or undefined when the write is to be done. */
export function resolveClaim(claim: Claim | undefined, outcomes: Counter<'outcome'>): SentAnswer | 'busy' | undefined {
  switch (claim?.state) {
    case 'answered':
      outcomes.inc({ outcome: 'replayed' });
      return replayOf(claim.answer);
    case 'reused':
      outcomes.inc({ outcome: 'reused' });
      throw keyReused();
    case 'busy':
      outcomes.inc({ outcome: 'in_use' });
      return 'busy';
    default:
      return undefined;
  }
}

function keyReused(): Problem {
  return new Problem(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request. Send a new key with a new request; nothing was done.',
  );
}
