import type { Instant } from '../rules/time/instant';

/** How a punch of a file is stored: one of a closed pay period waits for a decision. */
export type PlacedStatus = 'active' | 'quarantined';

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

  /** Arrays as texts: of these values only devices need quoting, and the driver's own encoding costs several times as much. */
  values(): string[] {
    const columns = [this.lines, this.people, this.types, this.instants, this.devices, this.statuses];
    return columns.map((column) => `{${column.join(',')}}`);
  }
}

const special = /["\\]/;
function quoted(text: string): string {
  return `"${special.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text}"`;
}
