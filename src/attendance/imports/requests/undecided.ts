import { Problem } from '../../../http/problems/problem';
import type { Guess } from '../reading/guess';

interface Question {
  /** What is open, as the beginning of a sentence. */
  readonly open: string;
  /** How to decide it. */
  readonly remedy: string;
  readonly pointer: string;
  readonly code: string;
}

/** What numbers like those of the file are in each reading. */
const TIMES_IN_NUMBERS: Readonly<Record<string, string>> = {
  days: 'days (08.30 is half past eight, 0.375 is nine)',
  hours: 'hours (8.30 is 8:18, 0.375 is 0:22)',
  minutes: 'minutes (8,30 is half past eight)',
};

/** What may hold a commit; the unit of breaks never does. */
type Holding = Exclude<Guess['about'], 'breakUnit'>;

const questions: Readonly<Record<Holding, (guess: Guess) => Question>> = {
  column: ({ column = '' }) => ({
    open: 'A column of times of day is not read, and may be a break',
    remedy: `say in mapping.fields what ${column} is, or name it in ignoreColumns`,
    pointer: '/mapping',
    code: 'times_unread',
  }),
  breakColumn: ({ column = '' }) => ({
    open: 'A column of lengths of breaks is not read, and its breaks would be paid',
    remedy: `add ${column} to the column that mapping.fields.breakMinutes names, or name it in ignoreColumns`,
    pointer: '/mapping',
    code: 'breaks_unread',
  }),
  decimalTimes: ({ value, instead }) => ({
    open: 'The numbers of the file may be times of a clock, parts of a day, or hours',
    remedy: `say decimalTimes: ${TIMES_IN_NUMBERS[value] ?? value} or ${TIMES_IN_NUMBERS[instead] ?? instead}`,
    pointer: '/decimalTimes',
    code: 'ambiguous_times',
  }),
  dateFormat: ({ value, instead }) => ({
    open: 'The dates of the file do not say which number is the month, or not what its profile says',
    remedy: `say dateFormat: ${value} or ${instead}`,
    pointer: '/dateFormat',
    code: 'ambiguous_date_format',
  }),
};

/** Refuses a commit that would store what somebody has to decide: nobody's hours are a guess. */
export function mustBeDecided(guesses: readonly Guess[]): void {
  const guess = guesses.find((each): each is Guess<Holding> => each.mustBeSaid === true && each.about !== 'breakUnit');
  if (!guess) return;
  const { open, remedy, pointer, code } = questions[guess.about](guess);
  throw new Problem('import_file_invalid', `${open}: ${remedy}, and preview again.`, {
    errors: [{ pointer, code, detail: remedy }],
  });
}
