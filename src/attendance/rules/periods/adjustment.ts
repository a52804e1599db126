import type { PaySource } from '../overtime/allocate';
import type { PayBucket } from '../overtime/totals';

/** Signed seconds at one rate that a closed day is short of or over. */
interface BucketDifference {
  readonly source: PaySource;
  readonly rate: number;
  readonly seconds: number;
}

/**
 * What a late fact changes in a closed day: the difference between what its facts come to now and what was paid
 * (earlier adjustments included), for the next open period. The closed day itself never changes. Empty when nothing does.
 */
export function adjustmentsOf(paid: readonly BucketDifference[], due: readonly PayBucket[]): BucketDifference[] {
  const changes: { source: PaySource; rate: number; seconds: number }[] = [];
  const add = ({ source, rate, seconds }: BucketDifference, sign: 1 | -1) => {
    const change = changes.find((each) => each.source === source && each.rate === rate);
    if (change) change.seconds += sign * seconds;
    else changes.push({ source, rate, seconds: sign * seconds });
  };
  for (const each of due) add(each, 1);
  for (const each of paid) add(each, -1);
  return changes.filter((each) => each.seconds !== 0).sort((a, b) => a.rate - b.rate || (a.source < b.source ? -1 : 1));
}
