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

/**
 * Thrown for an input that no rule may guess about; `subject` is the value that was wrong, `path` where it stood in what the
 * rules were given, as a JSON pointer such as `/shifts/2/endTime`, where that is known.
 */
export class RuleError extends Error {
  constructor(
    readonly fault: RuleFault,
    readonly subject: string,
    readonly path?: string,
  ) {
    super(`${fault}: ${subject}`);
    this.name = 'RuleError';
  }
}

/** Does `work`; a fault in it is found below `path`. */
export function locating<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw new RuleError(error.fault, error.subject, path + (error.path ?? ''));
  }
}
