import { comesBefore, type Neighbour } from './decide';
import type { Punch } from './punch';

/** What a punch is to others of its employee. */
export function neighbourOf(punch: Punch): Neighbour {
  return { type: punch.type, at: punch.occurredAt, punch };
}

/** The last one in the order of an employee. */
export function latest(neighbours: readonly Neighbour[]): Neighbour | undefined {
  return neighbours.reduce<Neighbour | undefined>(
    (last, next) => (last && !comesBefore(last, next.type, next.at) ? last : next),
    undefined,
  );
}

/** The nearest in time, before or after. */
export function closest(at: Date, neighbours: readonly Neighbour[]): Neighbour | undefined {
  const distance = (neighbour: Neighbour) => Math.abs(neighbour.at.getTime() - at.getTime());
  return neighbours.reduce<Neighbour | undefined>(
    (best, next) => (best && distance(best) <= distance(next) ? best : next),
    undefined,
  );
}
