import type { DayNumber } from '../time/calendar';
import type { Instant } from '../time/instant';
import type { Punch } from './punch';

/** A punch on its way in, with the key under which its sender may repeat it. */
export interface IncomingPunch extends Punch {
  readonly idempotencyKey?: string;
}

/** `id` is the stored punch: the new one, or for a repetition the one that is there already. */
export type Acceptance =
  | { readonly outcome: 'accepted'; readonly id: string }
  | { readonly outcome: 'replayed'; readonly id: string }
  | { readonly outcome: 'duplicate'; readonly id: string }
  | { readonly outcome: 'too_soon'; readonly id: string };

/**
 * Judges punches in the order in which they arrive.
 * - one whose idempotency key was seen is answered with the first one, nothing is stored;
 * - one that agrees in instant and type with a stored one is that punch;
 * - one nearer than `minIntervalSeconds` to a stored one of its type, on either side, is too soon. The distance is
 *   absolute: an offline punch of the morning that arrives after the evening's is as good as any.
 */
export function acceptPunches(arrivals: readonly IncomingPunch[], minIntervalSeconds: number): Acceptance[] {
  const stored: IncomingPunch[] = [];
  const byKey = new Map<string, string>();
  return arrivals.map((punch) => {
    const replayOf = punch.idempotencyKey === undefined ? undefined : byKey.get(punch.idempotencyKey);
    if (replayOf !== undefined) return { outcome: 'replayed', id: replayOf };
    const sameType = stored.filter((each) => each.type === punch.type);
    const twin = sameType.find((each) => each.at === punch.at);
    const answer: Acceptance = twin
      ? { outcome: 'duplicate', id: twin.id }
      : sameType.some((each) => Math.abs(each.at - punch.at) < minIntervalSeconds)
        ? { outcome: 'too_soon', id: punch.id }
        : { outcome: 'accepted', id: punch.id };
    if (answer.outcome === 'accepted') stored.push(punch);
    if (punch.idempotencyKey !== undefined) byKey.set(punch.idempotencyKey, answer.id);
    return answer;
  });
}

/** How far from now an interactive source may date a punch; `null` = no limit. Terminals have none. */
export interface DatingLimits {
  readonly lookBackSeconds: number | null;
  readonly futureSeconds: number;
  /** The work date is in a locked period. */
  readonly isLocked: (day: DayNumber) => boolean;
}

/** `null` when the punch may be dated so; else the reason for refusing it. Exactly at a limit is within it. */
export function refuseDating(
  at: Instant,
  workDay: DayNumber,
  now: Instant,
  limits: DatingLimits,
): 'FUTURE' | 'TOO_OLD' | 'PERIOD_LOCKED' | null {
  if (at - now > limits.futureSeconds) return 'FUTURE';
  if (limits.lookBackSeconds !== null && now - at > limits.lookBackSeconds) return 'TOO_OLD';
  return limits.isLocked(workDay) ? 'PERIOD_LOCKED' : null;
}
