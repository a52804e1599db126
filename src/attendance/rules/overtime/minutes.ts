import { isPremium, type PayTotals } from './totals';

/** What is paid, in whole minutes: `regular + overtime + doubleTime` is `payable`, as it is in seconds. */
export interface TotalsView {
  readonly payableMinutes: number;
  readonly regularMinutes: number;
  readonly overtimeMinutes: number;
  readonly doubleTimeMinutes: number;
  readonly premiumMinutes: number;
}

/** What a bucket has to say here. */
interface TimeAtRate {
  readonly source: string;
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Seconds as whole minutes that add up: all of them together are cut off to the minute, and those minutes are shared out by the largest
 * remainder. Each part is thus cut off or rounded up, never off by a whole minute; of equal remainders the earlier one goes first.
 */
export function minutesThatAddUp(seconds: readonly number[]): number[] {
  return shareOut(Math.floor(sumOf(seconds) / 60), seconds);
}

/** Totals in minutes. Premium time lies across the classes of overtime; what it leaves of `payable` is the rest. */
export function payMinutes(totals: PayTotals): TotalsView {
  const { payableSeconds, regularSeconds, overtimeSeconds, doubleTimeSeconds, premiumSeconds } = totals;
  const [regularMinutes = 0, overtimeMinutes = 0, doubleTimeMinutes = 0] = minutesThatAddUp([
    regularSeconds,
    overtimeSeconds,
    doubleTimeSeconds,
  ]);
  const [premiumMinutes = 0] = minutesThatAddUp([premiumSeconds, payableSeconds - premiumSeconds]);
  const payableMinutes = Math.floor(payableSeconds / 60);
  return { payableMinutes, regularMinutes, overtimeMinutes, doubleTimeMinutes, premiumMinutes };
}

/**
 * The minutes of buckets, in their order, which add up to those that are payable. They are shared out as `payMinutes` does it and only
 * then within each share, so the premiums add up to `premiumMinutes` and, where there are none, each class of overtime to its own.
 */
export function bucketMinutes(buckets: readonly TimeAtRate[]): number[] {
  const groups = [0, 1, 2, 3].map((group) => buckets.filter((bucket) => groupOf(bucket) === group));
  const [premium = 0, ...classes] = groups.map((group) => sumOf(group.map(({ seconds }) => seconds)));
  const [ofPremium = 0, ofRest = 0] = minutesThatAddUp([premium, sumOf(classes)]);
  const shares = [ofPremium, ...shareOut(ofRest, classes)];
  const minutes = new Map<TimeAtRate, number>();
  for (const [index, group] of groups.entries()) {
    const parts = shareOut(
      shares[index] ?? 0,
      group.map(({ seconds }) => seconds),
    );
    for (const [place, bucket] of group.entries()) minutes.set(bucket, parts[place] ?? 0);
  }
  return buckets.map((bucket) => minutes.get(bucket) ?? 0);
}

/** Premiums, then the classes of the overtime rate: 1, below 2, from 2. */
function groupOf({ source, rate }: TimeAtRate): number {
  if (isPremium(source)) return 0;
  if (rate <= 1) return 1;
  return rate < 2 ? 2 : 3;
}

function shareOut(minutes: number, seconds: readonly number[]): number[] {
  const shares = seconds.map((each) => Math.floor(each / 60));
  const byRemainder = seconds.map((each, index) => ({ index, rest: each % 60 })).sort((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, minutes - sumOf(shares))) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
