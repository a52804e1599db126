import { add, divide, fraction, multiply, roundTo, type Fraction } from './money';

/** Time at straight rates and what else was earned in a workweek. Hours and amounts are exact. */
export interface WeekEarnings {
  readonly hourly: readonly { readonly rate: Fraction; readonly hours: Fraction }[];
  /** Bonuses, piece earnings: whatever 29 CFR 778.108 counts in. */
  readonly other: readonly Fraction[];
  /** All hours worked, piece work included. */
  readonly hours: Fraction;
  readonly overtimeHours: Fraction;
}

export interface WeekPay {
  readonly straight: Fraction;
  readonly regularRate: Fraction;
  /** The extra half for each overtime hour; the straight part is already in `straight`. */
  readonly overtimePremium: Fraction;
  readonly total: Fraction;
}

const HALF = fraction(1n, 2n);

/**
 * 29 CFR 778.109-111 (https://www.ecfr.gov/current/title-29/section-778.109): the regular rate is all pay of the
 * workweek divided by all hours worked in it; each overtime hour earns another half of it. `once` keeps fractions
 * exact to the end; `each_step` rounds rate and half rate to cents on the way, as some publications do.
 */
export function payWeek(earnings: WeekEarnings, rounding: 'once' | 'each_step' = 'once'): WeekPay {
  const cents = (amount: Fraction) => (rounding === 'each_step' ? roundTo(amount, 2) : amount);
  const byTheHour = earnings.hourly.map(({ rate, hours }) => multiply(rate, hours));
  const straight = [...byTheHour, ...earnings.other].reduce(add, fraction(0n));
  const regularRate = cents(divide(straight, earnings.hours));
  const overtimePremium = multiply(cents(multiply(regularRate, HALF)), earnings.overtimeHours);
  return { straight, regularRate, overtimePremium, total: add(straight, overtimePremium) };
}

/** A salary's week: twelve months over fifty-two weeks. */
export function weeklySalary(monthly: Fraction): Fraction {
  return multiply(monthly, fraction(12n, 52n));
}

/** California Labor Code 515(d)(1): the regular rate of a full-time non-exempt salary is 1/40 of the weekly salary. */
export function salariedRegularRate(weekly: Fraction): Fraction {
  return multiply(weekly, fraction(1n, 40n));
}
