import type { Detected } from '../reading/detected';
import { type Guess, haveSameEvidence, type SettingGuess } from '../reading/evidence';
import type { Mapping } from '../reading/mapping';

/** The guesses that nobody has confirmed by saying the same or otherwise. */
export function leftOpen(said: Partial<Mapping>, { guesses = [] }: Detected): readonly SettingGuess[] {
  return guesses.filter(({ about }) => said[about] === undefined);
}

/**
 * What a stored profile says and rows of the file contradict, as a guess that none of them supports. A profile outlives the exporter that
 * it was made for, and those of before a setting could be left out hold what was its default then. Day and month that would be swapped
 * must be said anew.
 * `told`: what the request says itself.
 */
export function contradicted(stored: Mapping, told: Partial<Mapping>, detected: Detected): readonly SettingGuess[] {
  const { guesses = [], mapping } = detected;
  if (!haveSameEvidence(stored.fields, mapping?.fields)) return [];
  return guesses.flatMap((guess): SettingGuess[] => {
    const { about, value, supported, of } = guess;
    const said = stored[about];
    if (
      said === undefined ||
      told[about] !== undefined ||
      supported === 0 ||
      guess.mustBeSaid ||
      orderOf(said) === orderOf(value)
    )
      return [];
    const against = { about, value: said, instead: value, supported: 0, of, share: 0 };
    return [about === 'dateFormat' ? { ...against, mustBeSaid: true } : against];
  });
}

/**
 * The columns of times of day that a mapping neither reads nor leaves out, each as a guess that must be said: a lunch under a heading that
 * nobody knows would be paid. The layouts of known exporters have no such column.
 */
export function unreadTimes({ fields, ignoreColumns = [] }: Mapping, { timeColumns = [], profile }: Detected): Guess[] {
  if (profile !== null && profile !== 'plain-days' && profile !== 'plain-punches') return [];
  const settled = new Set([...Object.values(fields), ...ignoreColumns]);
  return timeColumns.flatMap(({ column, times, of }): Guess[] => {
    if (settled.has(column)) return [];
    const supported = of - times;
    const share = Math.round((supported / of) * 1000) / 1000;
    return [{ about: 'column', column, value: 'ignored', instead: 'read', supported, of, share, mustBeSaid: true }];
  });
}

/** What stands between day, month and year makes no difference. */
const orderOf = (value: string): string => value.replaceAll('.', '/');
