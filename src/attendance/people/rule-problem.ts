import { Problem, type ProblemCode } from '../../http/problems/problem';
import { RuleError, type RuleFault } from '../rules/errors';
import { parseDate } from '../rules/time/calendar';

interface Meaning {
  readonly code: ProblemCode;
  /** Completes "/shifts/2/endTime …". */
  readonly detail: string;
  /** Where the fault can only be, when the rules do not say where they found it. */
  readonly pointer?: string;
}

const meanings: Readonly<Record<RuleFault, Meaning>> = {
  UNKNOWN_TIME_ZONE: {
    code: 'time_zone_unknown',
    detail: 'is not a time zone; use an IANA name such as Europe/Berlin',
    pointer: '/timeZone',
  },
  END_BEFORE_START: { code: 'end_before_start', detail: 'must lie after the start' },
  NONEXISTENT_LOCAL_TIME: {
    code: 'local_time_nonexistent',
    detail: 'never is on the clock of that date, which jumps over it; choose a time before or after the jump',
  },
  AMBIGUOUS_LOCAL_TIME: {
    code: 'local_time_ambiguous',
    detail: 'is on the clock of that date twice; choose a time before or after the repeated hour',
  },
  SHIFT_TOO_LONG: {
    code: 'shift_too_long',
    detail: 'makes the shift longer than 26 hours; check its times, or divide it',
  },
  OVERLAPPING_SHIFTS: {
    code: 'shifts_overlap',
    detail:
      'begins before another shift of the same person has ended; a shift may begin at the instant at which another ends',
  },
  INVALID_POLICY: { code: 'policy_invalid', detail: 'is not a setting that can mean anything' },
  INVALID_DATE: { code: 'span_too_long', detail: 'makes the span too long; ask for less at once' },
  INVALID_TIME: { code: 'validation_failed', detail: 'is not a time of day such as 09:00, or 24:00 at the latest' },
  INVALID_INSTANT: { code: 'validation_failed', detail: 'must be an instant such as 2026-03-29T01:30:00Z' },
  INVALID_ROW: { code: 'validation_failed', detail: 'is not a row that can be read' },
};

/** Dates before the year 100 pass for dates in a schema, and are none for the rules. */
const noDate: Meaning = { code: 'validation_failed', detail: 'must be a date such as 2026-03-29' };

/**
 * The refusal that a fault of the rules stands for: each has a code of its own. `pointer` is where the value stood in the
 * body; left out, it is where the rules found it.
 */
function problemOfRule(error: RuleError, pointer?: string): Problem {
  const { code, detail, pointer: usual } = meaningOf(error);
  const at = pointer ?? error.path ?? usual ?? '';
  return new Problem(code, `${at || 'The body'} (${error.subject}) ${detail}.`, {
    errors: [{ pointer: at, code: code === 'validation_failed' ? 'invalid' : code, detail }],
  });
}

/** Does `work`; a fault of the rules in it becomes the refusal that it stands for. */
export function refusingRules<T>(work: () => T, pointer?: string): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RuleError ? problemOfRule(error, pointer) : error;
  }
}

function meaningOf({ fault, subject }: RuleError): Meaning {
  if (fault !== 'INVALID_DATE') return meanings[fault];
  try {
    parseDate(subject);
    return meanings.INVALID_DATE;
  } catch {
    return noDate;
  }
}
