import { lengthOf } from '../time/interval';
import type { PaidPiece, PaySource } from './allocate';

/** Seconds at one rate for one reason. */
export interface PayBucket {
  readonly source: PaySource;
  readonly rate: number;
  readonly seconds: number;
}

/** `regular + overtime + doubleTime` is `payable`, always: they are the three classes of the overtime rate (1, below 2, from 2). */
export interface PayTotals {
  readonly payableSeconds: number;
  readonly regularSeconds: number;
  readonly overtimeSeconds: number;
  readonly doubleTimeSeconds: number;
  /** Of the above, paid at a premium window's or a holiday's rate. */
  readonly premiumSeconds: number;
}

const NOTHING_PAID: PayTotals = {
  payableSeconds: 0,
  regularSeconds: 0,
  overtimeSeconds: 0,
  doubleTimeSeconds: 0,
  premiumSeconds: 0,
};

/** Paid for when it was worked, at the rate of a window or of a holiday. */
export const isPremium = (source: string) => source === 'holiday' || source.startsWith('premium:');

export function totalsOf(pieces: readonly PaidPiece[]): PayTotals {
  let [regularSeconds, overtimeSeconds, doubleTimeSeconds, premiumSeconds] = [0, 0, 0, 0];
  for (const piece of pieces) {
    const seconds = lengthOf(piece);
    if (piece.overtimeRate <= 1) regularSeconds += seconds;
    else if (piece.overtimeRate < 2) overtimeSeconds += seconds;
    else doubleTimeSeconds += seconds;
    if (isPremium(piece.source)) premiumSeconds += seconds;
  }
  const payableSeconds = regularSeconds + overtimeSeconds + doubleTimeSeconds;
  return { payableSeconds, regularSeconds, overtimeSeconds, doubleTimeSeconds, premiumSeconds };
}

/** In ascending order of rate, then of source. */
export function bucketsOf(pieces: readonly PaidPiece[]): PayBucket[] {
  const buckets: { source: PaySource; rate: number; seconds: number }[] = [];
  for (const { source, rate, start, end } of pieces) {
    const bucket = buckets.find((each) => each.source === source && each.rate === rate);
    if (bucket) bucket.seconds += end - start;
    else buckets.push({ source, rate, seconds: end - start });
  }
  return buckets.sort((a, b) => a.rate - b.rate || (a.source < b.source ? -1 : 1));
}

export function addTotals(all: readonly PayTotals[]): PayTotals {
  return all.reduce(
    (sum, each) => ({
      payableSeconds: sum.payableSeconds + each.payableSeconds,
      regularSeconds: sum.regularSeconds + each.regularSeconds,
      overtimeSeconds: sum.overtimeSeconds + each.overtimeSeconds,
      doubleTimeSeconds: sum.doubleTimeSeconds + each.doubleTimeSeconds,
      premiumSeconds: sum.premiumSeconds + each.premiumSeconds,
    }),
    NOTHING_PAID,
  );
}
