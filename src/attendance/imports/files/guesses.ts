import type { Detected } from '../reading/detected';
import { haveSameEvidence } from '../reading/evidence';
import { type Guess, guessAbout, type SettingGuess } from '../reading/guess';
import { dateOrder, type Mapping } from '../reading/mapping';

/** The guesses about settings that neither the request nor a profile sets. */
export function leftOpen(said: Partial<Mapping>, { guesses = [] }: Detected): readonly SettingGuess[] {
  return guesses.filter(({ about }) => said[about] === undefined);
}

/**
 * The settings of a stored profile that the rows of the file contradict, each as a guess with the support of no row. A profile outlives
 * the exporter that it was made for, and an old one holds the defaults of its time for settings that it did not set. A swap of day and
 * month must be confirmed again. `request`: what the request sets itself.
 */
export function contradicted(stored: Mapping, request: Partial<Mapping>, detected: Detected): readonly SettingGuess[] {
  const { guesses = [], mapping } = detected;
  if (!haveSameEvidence(stored.fields, mapping?.fields)) return [];
  return guesses.flatMap((guess): SettingGuess[] => {
    const { about, value, supported, of } = guess;
    const said = stored[about];
    if (
      said === undefined ||
      request[about] !== undefined ||
      supported === 0 ||
      guess.mustBeSaid ||
      dateOrder(said) === dateOrder(value)
    )
      return [];
    return [guessAbout(about, [said, value], [0, of], about === 'dateFormat')];
  });
}

/**
 * The columns of times of day that a mapping neither reads nor ignores, each as a guess that must be confirmed: a lunch break under an
 * unknown heading would be paid. In the layouts of known exporters, too: people add columns to them.
 */
export function unreadTimes({ fields, ignoreColumns = [] }: Mapping, { timeColumns = [] }: Detected): Guess[] {
  const decided = new Set([...Object.values(fields), ...ignoreColumns]);
  return timeColumns
    .filter(({ column }) => !decided.has(column))
    .map(({ column, times, of }) => unread('column', column, times, of));
}

/** The columns of lengths of breaks that a mapping neither reads nor ignores, likewise: it reads one, and that of another would be paid. */
export function unreadBreaks({ fields, ignoreColumns = [] }: Mapping, detected: Detected): Guess[] {
  const { timeColumns = [], breakColumns = [] } = detected;
  const decided = new Set([...Object.values(fields), ...ignoreColumns, ...timeColumns.map(({ column }) => column)]);
  return breakColumns
    .filter(({ column }) => !decided.has(column))
    .map(({ column, lengths, of }) => unread('breakColumn', column, lengths, of));
}

function unread(about: 'column' | 'breakColumn', column: string, like: number, of: number): Guess {
  return { ...guessAbout(about, ['ignored', 'read'], [of - like, of], true), column };
}
