import type { LookBackSettings } from '../../tenancy/tenant-settings';
import { interactiveSources, type PunchDraft } from './punch';

/** A device's clock may be this wrong, in either direction, before a limit takes its time for another one. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Without a limit of its own, a punch that a device reports later than this is marked all the same. */
const MARKED_AFTER_HOURS = 24;

/** `marked` counts and bears the flag `reported_late`; `held` waits for somebody else's decision; `refused` is not recorded. */
export type Lateness = 'in_time' | 'marked' | 'held' | 'refused';

/**
 * What the age of a punch means: `now` is the receipt, `by` the account that reports it, or registered the terminal that does.
 * A limit binds whoever punches for themselves, so that hours of last month take two people, as a correction does: by the setting of
 * the source, and for a batch or a terminal of their own by that of `api`, or a batch of one would be the way around it. When
 * somebody else reports, two people are involved already; devices and batches are bound by the limit of their own source, which is
 * none unless the tenant sets one.
 */
export function latenessOf(draft: PunchDraft, by: string, now: Date, settings: LookBackSettings): Lateness {
  const age = draft.occurredAt ? now.getTime() - draft.occurredAt.getTime() : 0;
  const own = by === draft.employeeId;
  const device = !(interactiveSources as readonly string[]).includes(draft.source);
  if (!own && !device) return 'in_time';
  const hours = limitOf(draft.source, own, settings);
  if (!isOlder(age, hours ?? MARKED_AFTER_HOURS)) return 'in_time';
  if (hours === null) return 'marked';
  return settings.beyondLookBack === 'refuse' ? 'refused' : 'held';
}

/** Hours, or null where any age is taken. Imports and administrators have ways of their own to be decided about. */
function limitOf(source: PunchDraft['source'], own: boolean, { lookBackHours }: LookBackSettings): number | null {
  if (source === 'import' || source === 'admin') return null;
  return own && (source === 'batch' || source === 'terminal') ? lookBackHours.api : lookBackHours[source];
}

const isOlder = (ageMs: number, hours: number) => ageMs > hours * 3_600_000 + CLOCK_TOLERANCE_MS;
