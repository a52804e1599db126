import type { Detected } from '../reading/detected';
import { type Guess, haveSameEvidence } from '../reading/evidence';
import type { Mapping } from '../reading/mapping';

/** The guesses that nobody has confirmed by saying the same or otherwise. */
export function leftOpen(said: Partial<Mapping>, { guesses = [] }: Detected): readonly Guess[] {
  return guesses.filter(({ about }) => said[about] === undefined);
}

/**
 * What a stored profile says and rows of the file contradict, as a guess that none of them supports. A profile outlives the exporter that
 * it was made for, and those of before a setting could be left out hold what was its default then. Day and month that would be swapped
 * must be said anew.
 * `told`: what the request says itself.
 */
export function contradicted(stored: Mapping, told: Partial<Mapping>, detected: Detected): readonly Guess[] {
  const { guesses = [], mapping } = detected;
  if (!haveSameEvidence(stored.fields, mapping?.fields)) return [];
  return guesses.flatMap((guess): Guess[] => {
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

/** What stands between day, month and year makes no difference. */
const orderOf = (value: string): string => value.replaceAll('.', '/');
