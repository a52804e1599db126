import type { Instant } from '../../rules/time/instant';

/** How a punch of a file is stored: one of a closed pay period waits for a decision. */
type PlacedStatus = 'active' | 'quarantined';

/** Instants, both included. */
interface InstantSpan {
  readonly first: Instant;
  readonly last: Instant;
}

/** How many were created; the others are duplicates. */
export interface PlacedCounts {
  readonly created: number;
  readonly quarantined: number;
  /** Lines of punches with a direction where one without stands; null where there are none. */
  readonly conflicts: readonly number[] | null;
}

/**
 * Punches on their way into the database, column by column as the statements take them. An object for each of a million punches would be
 * most of the work of importing them, so there are none.
 */
export class PunchColumns {
  private readonly lines: number[] = [];
  private readonly people: string[] = [];
  private readonly types: string[] = [];
  private readonly instants: number[] = [];
  private readonly devices: string[] = [];
  private readonly statuses: PlacedStatus[] = [];

  get length(): number {
    return this.lines.length;
  }

  add(
    line: number,
    personId: string,
    { type, deviceId }: { readonly type: string; readonly deviceId?: string },
    at: Instant,
    status: PlacedStatus,
  ): void {
    this.lines.push(line);
    this.people.push(personId);
    this.types.push(type);
    this.instants.push(at);
    this.devices.push(deviceId === undefined ? 'NULL' : quoted(deviceId));
    this.statuses.push(status);
  }

  /** Without punches of type `unknown` at an instant at which the same person has one with a direction. */
  withoutUnknown(): PunchColumns {
    if (!this.types.includes('unknown') || this.types.every((type) => type === 'unknown')) return this;
    const directed = new Set<string>();
    for (const [n, type] of this.types.entries()) if (type !== 'unknown') directed.add(this.momentOf(n));
    const remaining = new PunchColumns();
    for (const [n, type] of this.types.entries()) {
      if (type !== 'unknown' || !directed.has(this.momentOf(n))) remaining.take(this, n);
    }
    return remaining;
  }

  /** From the first to the last punch; undefined where there is none. */
  span(): InstantSpan | undefined {
    if (this.length === 0) return undefined;
    let [first, last] = [Infinity, -Infinity];
    for (const at of this.instants) {
      if (at < first) first = at;
      if (at > last) last = at;
    }
    return { first, last };
  }

  /**
   * Without duplicates: how many punches lie outside of a span, and those that lie within it. Without a span, all lie outside.
   */
  divided(span: InstantSpan | undefined): { readonly outside: PlacedCounts; readonly inside: PunchColumns } {
    const inside = new PunchColumns();
    const outside = { created: 0, quarantined: 0, conflicts: null };
    const latest = new Map<Instant, number>();
    const before: (number | undefined)[] = [];
    for (const [n, at] of this.instants.entries()) {
      const previous = latest.get(at);
      latest.set(at, n);
      before.push(previous);
      if (this.isAmong(n, previous, before)) continue;
      if (span && at >= span.first && at <= span.last) inside.take(this, n);
      else {
        outside.created += 1;
        if (this.statuses[n] === 'quarantined') outside.quarantined += 1;
      }
    }
    return { outside, inside };
  }

  /** Arrays as texts: of these values only devices need quoting, and the driver's own encoding costs several times as much. */
  values(): string[] {
    const columns = [this.lines, this.people, this.types, this.instants, this.devices, this.statuses];
    return columns.map((column) => `{${column.join(',')}}`);
  }

  /** Whether the chain of punches at the same instant holds this one already. */
  private isAmong(n: number, from: number | undefined, before: readonly (number | undefined)[]): boolean {
    for (let m = from; m !== undefined; m = before[m]) {
      if (this.people[m] === this.people[n] && this.types[m] === this.types[n]) return true;
    }
    return false;
  }

  private momentOf(n: number): string {
    return `${this.people[n] ?? ''} ${this.instants[n] ?? 0}`;
  }

  private take(other: PunchColumns, n: number): void {
    this.lines.push(other.lines[n] ?? 0);
    this.people.push(other.people[n] ?? '');
    this.types.push(other.types[n] ?? '');
    this.instants.push(other.instants[n] ?? 0);
    this.devices.push(other.devices[n] ?? 'NULL');
    this.statuses.push(other.statuses[n] ?? 'active');
  }
}

const special = /["\\]/;
function quoted(text: string): string {
  return `"${special.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text}"`;
}
