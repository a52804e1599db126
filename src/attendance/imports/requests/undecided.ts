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

/** What numbers like those of a column of breaks are in each unit. */
const BREAKS_IN_NUMBERS: Readonly<Record<string, string>> = {
  minutes: 'minutes (1 is a minute)',
  hours: 'hours (1 is an hour, 0.30 is 18 minutes)',
  clock: 'clock (0.30 is half an hour)',
};

/** What numbers like those of a column of hours are in each unit. */
const HOURS_IN_NUMBERS: Readonly<Record<string, string>> = {
  hours: 'hours (7.30 is 7:18, 0.375 is 0:22)',
  clock: 'clock (7.30 is seven and a half)',
  days: 'days (0.375 is nine hours)',
};

const named = (members: Readonly<Record<string, string>>, { value, instead }: Guess): string =>
  `${members[value] ?? value} or ${members[instead] ?? instead}`;

const questions: Readonly<Record<Guess['about'], (guess: Guess) => Question>> = {
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
  decimalTimes: (guess) => ({
    open: 'The numbers of the file may be times of a clock, parts of a day, or hours',
    remedy: `say decimalTimes: ${named(TIMES_IN_NUMBERS, guess)}`,
    pointer: '/decimalTimes',
    code: 'ambiguous_times',
  }),
  breakUnit: (guess) => ({
    open: 'The breaks of the file may be minutes or hours, or are some of each',
    remedy: `say breakUnit: ${named(BREAKS_IN_NUMBERS, guess)}, and correct the cells that are the other`,
    pointer: '/mapping/breakUnit',
    code: 'ambiguous_breaks',
  }),
  hoursUnit: (guess) => ({
    open: 'The hours of the file may be parts of a day, or hours and minutes',
    remedy: `say hoursUnit: ${named(HOURS_IN_NUMBERS, guess)}`,
    pointer: '/hoursUnit',
    code: 'ambiguous_hours',
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
  const guess = guesses.find(({ mustBeSaid }) => mustBeSaid === true);
  if (!guess) return;
  const { open, remedy, pointer, code } = questions[guess.about](guess);
  throw new Problem('import_file_invalid', `${open}: ${remedy}, and preview again.`, {
    errors: [{ pointer, code, detail: remedy }],
  });
}
