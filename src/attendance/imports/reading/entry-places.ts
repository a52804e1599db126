import { SECONDS_PER_DAY } from '../../rules/time/calendar';

/**
 * Where the entries of a file of hours lie in their days: one behind the other from the start of the day on, in the order of the rows,
 * or with the places of a first pass over the file (`of`) in the opposite one. Remembers a number for each person and date of the file.
 */
export class EntryPlaces {
  private readonly gone = new Map<string, number>();

  constructor(private readonly of?: EntryPlaces) {}

  /** Seconds from the start of the day at which an entry of this length begins; NaN where the day has no place for it. */
  next(employee: string, midnight: number, length: number): number {
    const key = `${midnight} ${employee}`;
    const before = this.gone.get(key) ?? 0;
    const begin = this.of ? (this.of.gone.get(key) ?? 0) - before - length : before;
    if (begin < 0 || begin + length > SECONDS_PER_DAY) return Number.NaN;
    this.gone.set(key, before + length);
    return begin;
  }
}
