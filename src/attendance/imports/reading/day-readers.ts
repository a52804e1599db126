import type { Zone } from '../../rules/time/zone';
import type { ReadClock } from './clock';
import type { ReadDate } from './dates';
import type { EntryPlaces } from './entry-places';
import type { Placed } from './local-time';
import type { DraftType, Mapping, MappingField } from './mapping';
import type { BreakUnit } from './numbers';
import type { ReadStamp } from './timestamps';

/** What reading a day row takes. */
export interface DayReaders {
  readonly date: ReadDate;
  readonly clock: ReadClock;
  readonly stamp: ReadStamp;
  readonly zone: Zone | null;
  readonly ignoreTexts: boolean;
  /** The instant of today, in seconds, from which nobody's punches are decades away. */
  readonly now: number;
  /** Where a file has hours without times; seconds from midnight. */
  readonly dayStart: number | null;
  readonly entries: EntryPlaces;
  readonly breakUnit: BreakUnit | undefined;
  readonly hoursUnit: Mapping['hoursUnit'];
}

/** One time of the row with its meaning. */
export interface DayTime {
  readonly field: MappingField;
  readonly type: DraftType;
  readonly placed: Placed;
}
