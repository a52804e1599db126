/** The closed set of faults that the rules find in their own inputs. The HTTP layer turns each into a problem with a pointer. */
export type RuleFault =
  | 'UNKNOWN_TIME_ZONE'
  | 'INVALID_INSTANT'
  | 'INVALID_DATE'
  | 'INVALID_TIME'
  | 'AMBIGUOUS_LOCAL_TIME'
  | 'NONEXISTENT_LOCAL_TIME'
  | 'END_BEFORE_START'
  | 'SHIFT_TOO_LONG'
  | 'OVERLAPPING_SHIFTS'
  | 'INVALID_POLICY'
  | 'INVALID_ROW';

/** Thrown for an input that no rule may guess about; `subject` is the value that was wrong. */
export class RuleError extends Error {
  constructor(
    readonly fault: RuleFault,
    readonly subject: string,
  ) {
    super(`${fault}: ${subject}`);
    this.name = 'RuleError';
  }
}
