import { comesBefore, type AdjacentPunch } from './decide';
import type { Punch } from './punch';

/** What a punch is to others of its employee. */
export function adjacentPunchOf(punch: Punch): AdjacentPunch {
  return { type: punch.type, at: punch.occurredAt, punch };
}

/** The last one in the order of an employee. */
export function latest(punches: readonly AdjacentPunch[]): AdjacentPunch | undefined {
  return punches.reduce<AdjacentPunch | undefined>(
    (last, next) => (last && !comesBefore(last, next.type, next.at) ? last : next),
    undefined,
  );
}

/** The nearest in time, before or after. */
export function closest(at: Date, punches: readonly AdjacentPunch[]): AdjacentPunch | undefined {
  const distance = (punch: AdjacentPunch) => Math.abs(punch.at.getTime() - at.getTime());
  return punches.reduce<AdjacentPunch | undefined>(
    (best, next) => (best && distance(best) <= distance(next) ? best : next),
    undefined,
  );
}
