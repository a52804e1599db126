import { distance } from 'fastest-levenshtein';
import { environment } from './config.schema';

const known = Object.keys(environment.shape);
/** Shorter names are too close to what belongs to others: HOME is no HOST. */
const SHORTEST = 6;

/** A variable that is none of ours, and the one that it was probably meant to be. */
export interface Misspelt {
  readonly name: string;
  readonly meant: string;
}

/** The variables of `source` that look like a setting and are none: set, and never read. Their values are not looked at. */
export function misspelt(source: NodeJS.ProcessEnv): readonly Misspelt[] {
  return Object.keys(source).flatMap((name) => {
    const meant = name.length < SHORTEST || known.includes(name) ? undefined : meantBy(name.toUpperCase());
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** One letter amiss, two in a long name, or the end left out. */
function meantBy(name: string): string | undefined {
  const tolerance = name.length < 2 * SHORTEST ? 1 : 2;
  return (
    known.find((setting) => distance(name, setting) <= tolerance) ??
    known.find((setting) => name.includes('_') && setting.startsWith(`${name}_`))
  );
}
