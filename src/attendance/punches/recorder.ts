import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Histogram } from 'prom-client';
import { Ledger } from '../../audit/ledger/ledger';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { asProblem } from '../../database/failures';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import { type Claim, KeyStore } from '../../idempotency/key-store';
import { KeyedMutex } from '../../idempotency/keyed-mutex';
import { GroupCommit } from '../../writes/group-commit';
import { encodeRefusal } from '../../writes/sent-answer';
import type { SentAnswer, Write } from '../../writes/write';
import { resolveClaim } from '../../writes/writes';
import type { PunchDecision } from './decide';
import { recordedTypes } from './presence';
import { punchSources } from './punch';
import { auditBatchesOf, storePunches } from './recording.storage';
import type { RecordingResult, Recording } from './recording';
import { loadDecider } from './group-decider';

/** Punches in one transaction; a batch of a thousand makes a group of its own. */
const LARGEST_GROUP = 512;
/** While one group waits for the disk, the next one may be read and decided. */
const GROUPS_AT_ONCE = 2;

/**
 * Records punches: sets, not rows. Concurrent recordings are committed together, in two exchanges with the database (claim,
 * lock and read; write and commit), each with its own key, decision, evidence and answer. See docs/decisions/0002-group-commit.md.
 */
@Injectable()
export class PunchRecorder {
  private readonly groups: GroupCommit<Recording, SentAnswer | 'busy'>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly keys: KeyStore,
    private readonly mutex: KeyedMutex,
    private readonly ledger: Ledger,
    @InjectMetric('punches_recorded_total') private readonly recorded: Counter<'type' | 'source'>,
    @InjectMetric('punch_group_size') private readonly groupSizes: Histogram,
    @InjectMetric('idempotency_requests_total') private readonly outcomes: Counter<'outcome'>,
    @Inject(CONFIG) config: Config,
  ) {
    for (const type of recordedTypes) for (const source of punchSources) recorded.inc({ type, source }, 0);
    this.groups = new GroupCommit({
      commit: (recordings) => this.commit(recordings),
      weightOf: (recording) => recording.drafts.length,
      maxWeight: config.PUNCH_GROUPING ? LARGEST_GROUP : 1,
      concurrency: config.PUNCH_GROUPING ? GROUPS_AT_ONCE : Infinity,
    });
  }

  /** The write that records; nothing happens before it is performed. */
  record(recording: Omit<Recording, 'context'>): Write {
    return {
      perform: async (context) => {
        const submit = () => this.groups.submit({ ...recording, context });
        const answer = context.key ? await this.mutex.runExclusive(context.key.scope, submit) : await submit();
        if (answer === 'busy') throw new Error('A recording without a key met a busy key');
        return answer;
      },
    };
  }

  /** Commits recordings together, and one by one where together failed: the fault of one is not that of the others. */
  private async commit(recordings: readonly Recording[]): Promise<readonly RecordingResult[]> {
    try {
      return await this.commitTogether(recordings);
    } catch (error) {
      const problem = asProblem(error);
      // If the connection broke, nobody knows whether the commit arrived. Only a repetition with the same key finds out.
      if (recordings.length === 1 || problem.code === 'database_unavailable') throw problem;
      return Promise.all(recordings.map((recording) => this.commitAlone(recording)));
    }
  }

  private async commitAlone(recording: Recording): Promise<RecordingResult> {
    try {
      const [answer] = await this.commitTogether([recording]);
      return answer ?? new Error('A recording was left unanswered');
    } catch (error) {
      return asProblem(error);
    }
  }

  private async commitTogether(recordings: readonly Recording[]): Promise<readonly RecordingResult[]> {
    const tenantIds = [...new Set(recordings.map((recording) => recording.context.tenantId))];
    const { answers, decisions } = await this.work.group(tenantIds, async (tx) => {
      // One exchange: keys, employees, settings and adjacent punches are asked for at once.
      const claims = this.claims(tx, recordings);
      const decider = loadDecider(tx, recordings);
      decider.catch(() => undefined); // awaited below, unless the claims have failed with it
      const results: (RecordingResult | undefined)[] = (await claims).map((claim) => this.resolved(claim));
      const decisions = (await decider).decide(recordings.map((_, index) => results[index] === undefined));
      // The other one: what was decided, its evidence and its answers, and the commit behind them.
      recordings.forEach((recording, index) => (results[index] ??= answerOf(recording, decisions[index] ?? [])));
      storePunches(tx, recordings, decisions);
      this.ledger.append(tx, auditBatchesOf(recordings, decisions)).catch(() => undefined);
      this.storeAnswers(tx, recordings, decisions, results);
      return { answers: results.map((result) => result ?? new Error('A recording was left unanswered')), decisions };
    });
    this.count(recordings, decisions);
    return answers;
  }

  /** One claim for each recording, in order; those without a key are free. */
  private async claims(tx: Transaction, recordings: readonly Recording[]): Promise<(Claim | undefined)[]> {
    const keyed = recordings.flatMap(({ context }, index) =>
      context.key ? [{ index, tenantId: context.tenantId, key: context.key }] : [],
    );
    const claims = await this.keys.claim(tx, keyed);
    const byRecording = new Map(keyed.map(({ index }, position) => [index, claims[position]]));
    return recordings.map((_, index) => byRecording.get(index));
  }

  private resolved(claim: Claim | undefined): RecordingResult | undefined {
    try {
      return resolveClaim(claim, this.outcomes);
    } catch (error) {
      return asProblem(error);
    }
  }

  private storeAnswers(
    tx: Transaction,
    recordings: readonly Recording[],
    decisions: readonly (readonly PunchDecision[])[],
    results: (RecordingResult | undefined)[],
  ): void {
    const stored = recordings.flatMap(({ context }, index) => {
      const answer = results[index];
      if (
        !context.key ||
        decisions[index]?.length === 0 ||
        answer === undefined ||
        answer === 'busy' ||
        answer instanceof Error
      )
        return [];
      return [{ tenantId: context.tenantId, key: context.key, answer }];
    });
    if (stored.length === 0) return;
    void this.keys.store(tx, stored);
    this.outcomes.inc({ outcome: 'executed' }, stored.length);
  }

  private count(recordings: readonly Recording[], decisions: readonly (readonly PunchDecision[])[]): void {
    this.groupSizes.observe(recordings.reduce((sum, recording) => sum + recording.drafts.length, 0));
    for (const decision of decisions.flat()) {
      if (decision.kind === 'created') this.recorded.inc({ type: decision.punch.type, source: decision.punch.source });
    }
  }
}

/** A refusal of a keyed recording is an answer like any other: stored and replayed. */
function answerOf(recording: Recording, decisions: readonly PunchDecision[]): RecordingResult {
  const answer = recording.answer(decisions);
  return answer instanceof Problem && recording.context.key ? encodeRefusal(answer, recording.context) : answer;
}
