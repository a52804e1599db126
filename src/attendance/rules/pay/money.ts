import { RuleError } from '../errors';

/** An exact amount: `numerator / denominator` with a positive denominator. Money is never a floating-point number. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

export function fraction(numerator: bigint, denominator = 1n): Fraction {
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = gcd(numerator, denominator) || 1n;
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor };
}

/** `20.29` or `46` as written, exactly. Throws INVALID_ROW. */
export function parseDecimal(text: string): Fraction {
  const parts = DECIMAL.exec(text);
  if (!parts) throw new RuleError('INVALID_ROW', text);
  const decimals = parts[3] ?? '';
  return fraction(BigInt(`${parts[1] ?? ''}${parts[2] ?? ''}${decimals}`), 10n ** BigInt(decimals.length));
}

export function add(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Division by nothing is nothing: no hours earn no rate. */
export function divide(a: Fraction, b: Fraction): Fraction {
  return b.numerator === 0n ? fraction(0n) : fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** Rounds to a number of decimals, halves away from zero. */
export function roundTo(amount: Fraction, decimals: number): Fraction {
  const scale = 10n ** BigInt(decimals);
  const scaled = amount.numerator * scale;
  const magnitude = scaled < 0n ? -scaled : scaled;
  const rounded = (2n * magnitude + amount.denominator) / (2n * amount.denominator);
  return fraction(scaled < 0n ? -rounded : rounded, scale);
}

/** `20.29`, rounded once, here. */
export function formatDecimal(amount: Fraction, decimals: number): string {
  const { numerator, denominator } = roundTo(amount, decimals);
  const units = (numerator * 10n ** BigInt(decimals)) / denominator;
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return units < 0n ? `-${text}` : text;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
