import { v7 as uuidv7 } from 'uuid';
import { periodClosed } from '../../database/failures';
import { Problem } from '../../http/problems/problem';
import { type PunchFlag, type RecordedType, rankOf, step } from './presence';
import { interactiveSources, type Punch, type PunchDraft } from './punch';
import type { DateStatus } from './date-status';
import { CLOCK_TOLERANCE_MS } from './look-back';
import type { PlaceStatus } from './place';

/** Device clocks may run ahead this much before a punch counts as one from the future. */
export const FUTURE_TOLERANCE_MS = CLOCK_TOLERANCE_MS;

/** What must be known of the world to decide about one punch. */
export interface PunchContext {
  /** The database's clock when the punch was received. */
  readonly now: Date;
  readonly tooSoonSeconds: number;
  readonly presenceTimeoutHours: number;
  /** Absent when there is no such employee in the tenant, or none in the caller's scope. */
  readonly employee?: { readonly active: boolean };
  /** How the time of the punch relates to now, to employment and to pay periods. */
  readonly date: DateStatus;
  /** Whether it comes from where it is expected. */
  readonly place: PlaceStatus;
  /** The active punch before this one in the employee's order. */
  readonly previous?: AdjacentPunch;
  /** The nearest active punch of the same type, before or after. */
  readonly nearestOfType?: AdjacentPunch;
  /** A punch with the same dedupe key. */
  readonly dedupeMatch?: Punch;
}

export interface AdjacentPunch {
  readonly type: RecordedType;
  readonly at: Date;
  readonly punch?: Punch;
}

export type PunchDecision =
  | { readonly kind: 'created'; readonly punch: Punch }
  | { readonly kind: 'duplicate'; readonly punch: Punch }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * What becomes of a punch. People at a kiosk or a phone see what to do instead; a terminal, a batch or an import has
 * nobody to tell, so its punch is recorded and flagged: no worked hours may be lost. Reported for a closed pay period, by people about
 * themselves and longer ago than they may report, or from outside of the tenant's fences where it says so, it goes into quarantine.
 */
export function decide(draft: PunchDraft, by: string, known: PunchContext): PunchDecision {
  const at = draft.occurredAt ?? known.now;
  const interactive = (interactiveSources as readonly string[]).includes(draft.source);
  if (!known.employee) return refused('employee_unknown', 'There is no such employee.', '/employeeId');
  if (draft.impossible) return { kind: 'refused', problem: draft.impossible };
  if (known.dedupeMatch) return { kind: 'duplicate', punch: known.dedupeMatch };
  if (!known.employee.active)
    return refused('employee_inactive', 'This employee is deactivated. Reactivate the person first.', '/employeeId');
  if (at.getTime() - known.now.getTime() > FUTURE_TOLERANCE_MS) {
    return refused(
      'punch_in_future',
      'The time lies more than 5 minutes in the future. Check the clock and the zone of the device.',
      '/timestamp',
    );
  }
  const distance = known.nearestOfType ? Math.abs(known.nearestOfType.at.getTime() - at.getTime()) : Infinity;
  if (distance === 0 && known.nearestOfType?.punch) return { kind: 'duplicate', punch: known.nearestOfType.punch };
  const { outsideEmployment, closed, lateness, reportedBefore } = known.date;
  if (outsideEmployment !== undefined && interactive)
    return refused('outside_employment', outsideEmployment, '/timestamp');
  if (closed && interactive) return refused('period_closed', periodClosed().detail, '/timestamp');
  if (lateness === 'refused')
    return refused(
      'punch_too_old',
      'The time lies further back than people may punch for themselves. Ask for a correction (POST /api/corrections), which somebody else decides.',
      '/timestamp',
    );
  const { place } = known;
  if (place.outcome === 'refused') return refused('outside_geofence', place.detail ?? '', '/latitude');
  if (reportedBefore) return { kind: 'duplicate', punch: reportedBefore };
  const late = lateness === 'in_time' ? [] : (['reported_late'] as const);
  const out = outsideEmployment === undefined ? [] : (['outside_employment'] as const);
  const odd = [...out, ...late, ...(place.flag ? [place.flag] : [])];
  // What is held has no order yet: the others of its day may wait beside it, and are looked at together.
  if (lateness === 'held' || place.outcome === 'held')
    return { kind: 'created', punch: recorded(draft, at, by, known.now, odd, 'quarantined') };
  const tooSoon = distance < known.tooSoonSeconds * 1000;
  if (tooSoon && interactive) return { kind: 'refused', problem: punchedTooSoon(draft.type, known) };
  const meaning = step(draft.type, at, known.previous, known.presenceTimeoutHours * 3_600_000);
  if (!meaning.legal && interactive)
    return { kind: 'refused', problem: outOfOrder(draft.type, meaning, known.previous) };
  const flags: readonly PunchFlag[] = [...meaning.flags, ...(tooSoon ? (['too_soon'] as const) : []), ...odd];
  return { kind: 'created', punch: recorded(draft, at, by, known.now, flags, closed ? 'quarantined' : 'active') };
}

function recorded(
  draft: PunchDraft,
  at: Date,
  by: string,
  now: Date,
  flags: readonly PunchFlag[],
  status: Punch['status'],
): Punch {
  return {
    id: uuidv7(),
    ...draft,
    occurredAt: at,
    receivedAt: now,
    skewMs: now.getTime() - at.getTime(),
    flags,
    status,
    createdBy: by,
    version: 1,
  };
}

/** Whether a punch at `at` precedes one of `type` at `instant`. */
export function comesBefore(adjacent: AdjacentPunch, type: RecordedType, instant: Date): boolean {
  const difference = adjacent.at.getTime() - instant.getTime();
  return difference < 0 || (difference === 0 && rankOf[adjacent.type] <= rankOf[type]);
}

/** The name of a dedupe key within a group, which may hold several tenants. */
export function dedupeName(tenantId: string, key: string): string {
  return `${tenantId} ${key}`;
}

function punchedTooSoon(type: RecordedType, known: PunchContext): Problem {
  return new Problem(
    'PUNCH_TOO_SOON',
    `There is already a punch "${type}" of this employee within ${known.tooSoonSeconds} seconds. If it is not a double tap, punch again later.`,
    { members: { nearestAt: known.nearestOfType?.at.toISOString(), tooSoonSeconds: known.tooSoonSeconds } },
  );
}

function outOfOrder(
  type: RecordedType,
  meaning: ReturnType<typeof step>,
  previous: AdjacentPunch | undefined,
): Problem {
  const place = { out: 'out', in: 'in', break: 'on a break' }[meaning.state];
  return new Problem(
    'punch_out_of_order',
    `The employee is ${place}, so "${type}" does not fit. Allowed next: ${meaning.allowedNext.join(', ')}.`,
    {
      members: {
        state: meaning.state,
        allowedNext: meaning.allowedNext,
        ...(previous ? { since: previous.at.toISOString() } : {}),
      },
    },
  );
}

function refused(
  code:
    | 'employee_unknown'
    | 'employee_inactive'
    | 'punch_in_future'
    | 'outside_employment'
    | 'period_closed'
    | 'punch_too_old'
    | 'outside_geofence',
  detail: string,
  pointer: string,
): PunchDecision {
  return { kind: 'refused', problem: new Problem(code, detail, { errors: [{ pointer, code, detail }] }) };
}
