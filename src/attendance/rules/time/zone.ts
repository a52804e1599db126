import { RuleError } from '../errors';
import { SECONDS_PER_DAY, type DayNumber } from './calendar';
import type { Instant } from './instant';

/**
 * IANA zones without a date library. Everything the rules ask of a zone follows from one function, "offset at an
 * instant", and that is what Intl answers exactly, from the same tz database as the rest of the process. Asking Intl
 * costs about 2 µs, too much for every punch; so the answers are kept as stretches of 32 days, found by asking once a
 * day and halving down to the second wherever two neighbouring answers differ. That is exact as long as no zone
 * changes its offset twice within a day and back, which no zone of the tz database does.
 */
const STRETCH = 32 * SECONDS_PER_DAY;

interface Transition {
  readonly at: Instant;
  readonly offset: number;
}

/** `first` holds from the beginning of the stretch, each transition from its instant on. Offsets are seconds east of UTC. */
interface OffsetPeriod {
  readonly first: number;
  readonly transitions: readonly Transition[];
}

/**
 * A local date and time met with a zone. `unique`: one instant. `repeated`: two, `earlier` and `later`.
 * `gap`: it never was; both are the instant at which the clock jumped over it.
 */
export interface LocalResolution {
  readonly kind: 'unique' | 'repeated' | 'gap';
  readonly earlier: Instant;
  readonly later: Instant;
}

export class Zone {
  private readonly stretches = new Map<number, OffsetPeriod>();
  private readonly dayStarts = new Map<DayNumber, Instant>();
  private lastKey = Number.NaN;
  private last: OffsetPeriod = { first: 0, transitions: [] };

  constructor(
    readonly name: string,
    private readonly ask: (instant: Instant) => number,
  ) {}

  /** Seconds east of UTC. */
  offsetAt(instant: Instant): number {
    const key = Math.floor(instant / STRETCH);
    if (key !== this.lastKey) {
      this.last = this.stretch(key);
      this.lastKey = key;
    }
    let offset = this.last.first;
    for (const transition of this.last.transitions) if (instant >= transition.at) offset = transition.offset;
    return offset;
  }

  /** What the wall clock shows, as seconds since 1970-01-01T00:00 local. */
  localSeconds(instant: Instant): number {
    return instant + this.offsetAt(instant);
  }

  /** The local date at an instant. */
  dayOf(instant: Instant): DayNumber {
    return Math.floor(this.localSeconds(instant) / SECONDS_PER_DAY);
  }

  /** `2026-03-10T23:00`. */
  localText(instant: Instant): string {
    return new Date(this.localSeconds(instant) * 1000).toISOString().slice(0, 16);
  }

  /** The first instant that bears the local date; not always 00:00 (Cairo springs forward at midnight). */
  dayStart(day: DayNumber): Instant {
    let start = this.dayStarts.get(day);
    if (start === undefined) {
      start = this.resolve(day * SECONDS_PER_DAY).earlier;
      this.dayStarts.set(day, start);
    }
    return start;
  }

  /** The instants at which the wall clock shows `local` (seconds since 1970-01-01T00:00 local). */
  resolve(local: number): LocalResolution {
    const before = this.offsetAt(local - SECONDS_PER_DAY);
    const after = this.offsetAt(local + SECONDS_PER_DAY);
    const early = local - before;
    const late = local - after;
    const earlyFits = this.offsetAt(early) === before;
    const lateFits = this.offsetAt(late) === after;
    if (earlyFits && lateFits && early !== late) {
      return { kind: 'repeated', earlier: Math.min(early, late), later: Math.max(early, late) };
    }
    if (earlyFits || lateFits) {
      const only = earlyFits ? early : late;
      return { kind: 'unique', earlier: only, later: only };
    }
    const jump = this.transitionWithin(late, early);
    return { kind: 'gap', earlier: jump, later: jump };
  }

  private transitionWithin(from: Instant, to: Instant): Instant {
    for (let key = Math.floor(from / STRETCH); key <= Math.floor(to / STRETCH); key += 1) {
      for (const transition of this.stretch(key).transitions) {
        if (transition.at > from && transition.at <= to) return transition.at;
      }
    }
    return to;
  }

  private stretch(key: number): OffsetPeriod {
    let stretch = this.stretches.get(key);
    if (!stretch) {
      stretch = this.measure(key * STRETCH);
      this.stretches.set(key, stretch);
    }
    return stretch;
  }

  private measure(start: Instant): OffsetPeriod {
    const first = this.ask(start);
    const transitions: Transition[] = [];
    let offset = first;
    for (let at = start; at < start + STRETCH; at += SECONDS_PER_DAY) {
      const next = this.ask(at + SECONDS_PER_DAY);
      for (let low = at; offset !== next;) {
        let high = at + SECONDS_PER_DAY;
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2);
          if (this.ask(middle) === offset) low = middle;
          else high = middle;
        }
        offset = this.ask(high);
        transitions.push({ at: high, offset });
        low = high;
      }
    }
    return { first, transitions };
  }
}

const zones = new Map<string, Zone>();

/** The zone of an IANA name, made once per process. Throws UNKNOWN_TIME_ZONE. */
export function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name, intlOffset(name));
    zones.set(name, zone);
  }
  return zone;
}

/** From `from` on the employee lives by the clock of `zone`. */
export interface ZoneChange {
  readonly from: Instant;
  readonly zone: string;
}

/**
 * An employee who moved lives in a zone with one more transition: the zone valid at the instant answers for it, so
 * a work date in the past stays what it was. The first entry also answers for all time before it.
 */
export function zoneOfHistory(history: readonly [ZoneChange, ...ZoneChange[]]): Zone {
  if (history.length === 1) return zoneNamed(history[0].zone);
  const changes = [...history]
    .sort((a, b) => a.from - b.from)
    .map(({ from, zone }) => ({ from, zone: zoneNamed(zone) }));
  const name = changes.map((each) => each.zone.name).join('>');
  return new Zone(name, (instant) => {
    const valid = changes.findLast((change) => instant >= change.from) ?? changes[0];
    return valid ? valid.zone.offsetAt(instant) : 0;
  });
}

function intlOffset(name: string): (instant: Instant) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new RuleError('UNKNOWN_TIME_ZONE', name);
  }
  return (instant) => {
    // "3/29/2026, 02:30:00": six numbers in a fixed order.
    const numbers = format.format(instant * 1000).match(/\d+/g) ?? [];
    const [month, day, year, hour, minute, second] = numbers.map(Number);
    if (month === undefined || second === undefined) throw new RuleError('INVALID_INSTANT', String(instant));
    return Date.UTC(year ?? 0, month - 1, day, hour, minute, second) / 1000 - instant;
  };
}
