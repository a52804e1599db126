/** What a guess about the settings of a mapping is about: the member that settles it. */
type Setting = 'dateFormat' | 'decimalTimes' | 'breakUnit' | 'hoursUnit';

/**
 * A reading of a file that could have been another one. `supported` of the rows in which the question arises (`of`) can only be read in
 * this way; `instead` is the reading that the others allow, too. `mustBeSaid`: nothing decides, and nothing is stored before somebody does.
 */
export interface Guess<About = Setting | 'column' | 'breakColumn'> {
  readonly about: About;
  /** Of `column`, of times, and `breakColumn`, of lengths of breaks: which one is not read. */
  readonly column?: string;
  readonly value: string;
  readonly instead: string;
  readonly supported: number;
  readonly of: number;
  readonly share: number;
  readonly mustBeSaid?: true;
}

/** A guess that a member of the mapping settles. */
export type SettingGuess = Guess<Setting>;

/** A guess with its share of the rows; `isOpen` where nothing decides. */
export function guessAbout<About extends Guess['about']>(
  about: About,
  [value, instead]: readonly [string, string],
  [supported, of]: readonly [number, number],
  isOpen = false,
): Guess<About> {
  const share = Math.round((supported / of) * 1000) / 1000;
  return { about, value, instead, supported, of, share, ...(isOpen ? { mustBeSaid: true } : {}) };
}
