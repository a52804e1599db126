import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatDate, parseDate } from '../../attendance/rules/time/calendar';
import { zoneNamed } from '../../attendance/rules/time/zone';

/**
 * Dates and instants as every route takes them. Beyond these years a date is a typing error or an attack: no work lies there,
 * and PostgreSQL and JavaScript disagree about what is a date at all.
 */
const FIRST_DATE = '1900-01-01';
const LAST_DATE = '2200-12-31';
const firstInstant = Date.parse(`${FIRST_DATE}T00:00:00Z`);
const lastInstant = Date.parse(`${LAST_DATE}T23:59:59.999Z`);
const between = `must lie between ${FIRST_DATE} and ${LAST_DATE}`;

/** No clock on earth is further from UTC: the offsets in use lie between -12:00 and +14:00 (tz database). */
const FURTHEST_OFFSET = '14:00';
const offsetOf = (text: string) => /[+-](\d\d:\d\d)$/.exec(text)?.[1] ?? '00:00';

/**
 * An instant of RFC 3339 that stays the text that was sent, such as `2026-03-29T01:30:00+01:00`, for whoever stores the offset as well. A
 * fraction ends with the milliseconds, since PostgreSQL takes texts up to a length.
 */
export const instantWithOffset = z.iso
  .datetime({ offset: true, abort: true }) // rules about several members look at well-formed ones only
  .refine((text) => offsetOf(text) <= FURTHEST_OFFSET, {
    error: `must be at most ${FURTHEST_OFFSET} hours from UTC`,
    abort: true,
  })
  .refine((text) => Date.parse(text) >= firstInstant && Date.parse(text) <= lastInstant, {
    error: between,
    abort: true,
  })
  .overwrite((text) => text.replace(/(\.\d{3})\d+/, '$1'));

/** An instant of RFC 3339 with its offset; what is read of it is the same instant in UTC, to the millisecond. */
export const instant = instantWithOffset.overwrite((text) => new Date(text).toISOString());

const wellFormedDate = z.iso.date({ abort: true });
const wellFormedInstant = z.iso.datetime({ offset: true });

/** A date such as `2026-03-29` and nothing else. */
export const bareDate = wellFormedDate.refine((text) => text >= FIRST_DATE && text <= LAST_DATE, {
  error: between,
  abort: true,
});

/**
 * A date on somebody's calendar, such as `2026-03-29`. Clients that hold a moment instead (JavaScript's `toISOString()`) may
 * send it: it means the date that it bears in the time zone of the caller's tenant.
 */
export const localDate = z.preprocess((value) => dateMeant(callersZone, value), bareDate);

/** The first instant of a span that is named by its first date; an instant stays what it is. */
export const startDate = z.preprocess((value) => startOf(value, 0), instant);

/** The instant at which a span ends that is named by its last date, which counts as a whole; an instant stays what it is. */
export const endDate = z.preprocess((value) => startOf(value, 1), instant);

function startOf(value: unknown, daysLater: number): unknown {
  const { data } = bareDate.safeParse(value);
  // One that is out of range is still a date: what is wrong with it is its year, and not that it is no instant.
  if (data === undefined) return wellFormedDate.safeParse(value).success ? `${String(value)}T00:00:00Z` : value;
  const start = zoneNamed(callersZone).dayStart(parseDate(data) + daysLater) * 1000;
  return new Date(Math.min(Math.max(start, firstInstant), lastInstant)).toISOString();
}

/** The date in a path, read like those in bodies; undefined for what is none. */
export function dateIn(zone: string, text: string): string | undefined {
  return bareDate.safeParse(dateMeant(zone, text)).data;
}

/** The date that an instant bears in a zone; anything else stays what it is, for somebody else to judge. */
function dateMeant(zone: string, value: unknown): unknown {
  const { data } = instant.safeParse(value);
  // As above: the date of an instant that is out of range is out of range.
  if (data === undefined) return wellFormedInstant.safeParse(value).success ? String(value).slice(0, 10) : value;
  return formatDate(zoneNamed(zone).dayOf(Math.floor(Date.parse(data) / 1000)));
}

/**
 * A schema sees a body and not its request. So the zone is noted beside the body when it is known who calls, and is in force
 * while that body is checked: checking is synchronous, and two requests never meet in it.
 */
const zones = new WeakMap<object, string>();
let callersZone = 'UTC';

/** From here on the dates in the body and the query of this request are read by the clock of `zone`. */
export function readDatesIn(zone: string, { body, query }: FastifyRequest): void {
  for (const part of [body, query]) if (typeof part === 'object' && part !== null) zones.set(part, zone);
}

/** Runs a synchronous check of a body or a query with the zone that was noted for it. */
export function inZoneOf<T>(part: unknown, check: () => T): T {
  callersZone = (typeof part === 'object' && part !== null ? zones.get(part) : undefined) ?? 'UTC';
  try {
    return check();
  } finally {
    callersZone = 'UTC';
  }
}
