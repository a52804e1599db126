import type { Transaction } from '../../database/transaction';
import type { LookBackSettings } from '../../tenancy/tenant-settings';
import { formatDate, parseDate } from '../rules/time/calendar';
import { zoneNamed } from '../rules/time/zone';
import type { Punch, PunchDraft } from './punch';
import { punchOf, type PunchRow } from './punch-row';
import { type Lateness, latenessOf } from './look-back';
import { checkDates } from './recording.statements';

/** How the time of a punch relates to now, to the employment of its person and to the pay periods of their tenant. */
export interface DateStatus {
  /** Why it lies outside employment, in words for the caller. */
  readonly outsideEmployment?: string;
  readonly closed: boolean;
  readonly lateness: Lateness;
  /** The same punch, reported before and kept out of the count. */
  readonly reportedBefore?: Punch;
}

/** A draft, its person and tenant as the database knows them; dates as `2026-03-29`. */
interface DatedDraft {
  readonly draft: PunchDraft;
  /** The account that reports it. */
  readonly by: string;
  /** Its place has it held, so that it may have been reported before and be in quarantine. */
  readonly heldForPlace: boolean;
  readonly person: { time_zone: string | null; hired_on: string | null; left_on: string | null } | undefined;
  readonly tenant:
    { id: string; time_zone: string; closed_until: string | null; now: Date; settings: LookBackSettings } | undefined;
}

interface CheckedRow extends Record<string, unknown> {
  n: string;
  closed: boolean;
  reported_before: PunchRow | null;
}

/** A clock may be wrong by centuries; a date of five digits the database would not read. */
const FIRST = parseDate('0100-01-01');
const LAST = parseDate('9999-12-31');
/** Nothing to say about it. */
export const unremarkable: DateStatus = { closed: false, lateness: 'in_time' };

/**
 * The date status of each draft, by the local date in the zone of the person. Asks the database nothing, unless a punch is to be held
 * for its age or its place, or its date lies at or before the end of the latest closed period of its tenant: then once for all of them.
 */
export async function dateStatusesOf(tx: Transaction, all: readonly DatedDraft[]): Promise<DateStatus[]> {
  const statuses = all.map((): DateStatus => unremarkable);
  const toCheck: { readonly index: number; readonly values: readonly unknown[] }[] = [];
  for (const [index, { draft, by, heldForPlace, person, tenant }] of all.entries()) {
    if (!person || !tenant) continue;
    const lateness = latenessOf(draft, by, tenant.now, tenant.settings);
    const inTime = lateness === 'in_time';
    if (inTime && !heldForPlace && tenant.closed_until === null && person.hired_on === null && person.left_on === null)
      continue;
    const at = draft.occurredAt ?? tenant.now;
    const day = zoneNamed(person.time_zone ?? tenant.time_zone).dayOf(Math.floor(at.getTime() / 1000));
    const date = formatDate(Math.min(Math.max(day, FIRST), LAST));
    const outsideEmployment = outside(date, person.hired_on, person.left_on);
    if (!inTime || outsideEmployment !== undefined)
      statuses[index] = { closed: false, lateness, ...(outsideEmployment === undefined ? {} : { outsideEmployment }) };
    if (lateness === 'held' || heldForPlace || (tenant.closed_until !== null && date <= tenant.closed_until))
      toCheck.push({ index, values: [tenant.id, date, draft.employeeId, draft.type, at.toISOString()] });
  }
  if (toCheck.length === 0) return statuses;
  const columns = [0, 1, 2, 3, 4].map((column) => toCheck.map(({ values }) => values[column]));
  for (const { n, closed, reported_before: earlier } of await tx.rows<CheckedRow>(checkDates, columns)) {
    const index = toCheck[Number(n) - 1]?.index ?? -1;
    const status = statuses[index] ?? unremarkable;
    const held = status.lateness === 'held' || all[index]?.heldForPlace === true;
    const known = earlier && (closed || held) ? { reportedBefore: punchOf(earlier) } : {};
    statuses[index] = { ...status, closed, ...known };
  }
  return statuses;
}

function outside(date: string, hiredOn: string | null, leftOn: string | null): string | undefined {
  if (hiredOn !== null && date < hiredOn)
    return `The date ${date} lies before the hire date ${hiredOn} of this employee.`;
  if (leftOn !== null && date > leftOn) return `The date ${date} lies after the leave date ${leftOn} of this employee.`;
  return undefined;
}
