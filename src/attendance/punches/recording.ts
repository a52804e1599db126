import type { Problem } from '../../http/problems/problem';
import type { SentAnswer, WriteContext } from '../../writes/write';
import type { PunchDecision } from './decide';
import type { PunchDraft } from './punch';

/**
 * What is recorded together and answered together: one punch from a kiosk, a thousand from a batch call. Has at most one
 * key and one answer; its punches are accepted or refused one by one.
 */
export interface Recording {
  readonly context: WriteContext;
  readonly drafts: readonly PunchDraft[];
  /** Whose word it may be, where the actor is a device or an API key: the people who had its secret. Look-back asks whether it is one's own. */
  readonly reporters?: readonly string[];
  /** Limits the employees to an org unit: an approver's scope. */
  readonly scopeUnit?: string;
  /** Turns the decisions, in the order of the drafts, into the answer. A Problem is a refusal of the whole recording. */
  answer(decisions: readonly PunchDecision[]): SentAnswer | Problem;
}

export type RecordingResult = SentAnswer | 'busy' | Error;
