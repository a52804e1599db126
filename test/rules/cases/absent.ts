import type { Case } from './case';

/** What the product does not do, by the shape of the case: by its category, or a rule that it names. */
interface Absent {
  readonly outcome: 'not offered' | 'not yet';
  readonly reason: string;
  readonly category?: string;
  readonly rule?: string;
}

const ABSENT: readonly Absent[] = [
  {
    outcome: 'not offered',
    category: 'regular-rate',
    reason:
      'money: the product answers hours at rates, and payroll multiplies; a regular rate needs wages, which it never holds',
  },
  { outcome: 'not yet', rule: 'maxAverage', reason: 'averages over reference weeks' },
  { outcome: 'not yet', rule: 'nightMaxAverageDaily', reason: 'averages over reference weeks' },
  { outcome: 'not yet', rule: 'autoCheckoutToleranceHours', reason: 'auto close' },
];

/** Why a case cannot be asked of the product; `undefined` where it can. */
export function absentIn({ category, rules }: Case): Absent | undefined {
  return ABSENT.find((each) => each.category === category || (each.rule !== undefined && each.rule in rules));
}
