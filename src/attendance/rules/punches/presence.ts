import type { Instant } from '../time/instant';
import { activePunches, type Punch, type PunchType } from './punch';

export type PresenceState = 'out' | 'in' | 'break';

/** Where an employee stands, and which punches may come next without breaking the order. */
export interface Presence {
  readonly state: PresenceState;
  readonly since: Instant | null;
  readonly allowedNext: readonly Exclude<PunchType, 'unknown'>[];
}

const ALLOWED: Readonly<Record<PresenceState, Presence['allowedNext']>> = {
  out: ['in'],
  in: ['out', 'break_start'],
  break: ['break_end', 'out'],
};

/** OUT -in-> IN -break_start-> BREAK -break_end-> IN -out-> OUT; out also ends a break. Anything else changes nothing. */
function nextState(state: PresenceState, type: PunchType): PresenceState | null {
  switch (type) {
    case 'in':
      return state === 'out' ? 'in' : null;
    case 'out':
      return state === 'out' ? null : 'out';
    case 'break_start':
      return state === 'in' ? 'break' : null;
    case 'break_end':
      return state === 'break' ? 'in' : null;
    case 'unknown':
      return state === 'out' ? 'in' : 'out';
  }
}

/**
 * The state at `now`. Who came in longer ago than `maxShiftSeconds` has forgotten to punch out and is not in: the next
 * toggle opens a new day instead of closing yesterday with 24 hours.
 */
export function presenceAt(punches: readonly Punch[], now: Instant, maxShiftSeconds: number): Presence {
  let state: PresenceState = 'out';
  let since: Instant | null = null;
  let cameIn: Instant | null = null;
  for (const punch of activePunches(punches)) {
    if (punch.at > now) break;
    if (cameIn !== null && punch.at - cameIn > maxShiftSeconds) {
      state = 'out';
      cameIn = null;
    }
    const next = nextState(state, punch.type);
    if (next === null) continue;
    if (state === 'out') cameIn = punch.at;
    if (next === 'out') cameIn = null;
    state = next;
    since = punch.at;
  }
  if (cameIn !== null && now - cameIn > maxShiftSeconds) state = 'out';
  return { state, since, allowedNext: ALLOWED[state] };
}

/** What a toggle means at `now`. */
export function resolveToggle(punches: readonly Punch[], now: Instant, maxShiftSeconds: number): 'in' | 'out' {
  return presenceAt(punches, now, maxShiftSeconds).state === 'out' ? 'in' : 'out';
}
