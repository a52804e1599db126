/** The four things a person can do at a clock. */
export const punchTypes = ['in', 'out', 'break_start', 'break_end'] as const;
export type DirectedType = (typeof punchTypes)[number];

/** What a record may say: a terminal without keys, or a file, may say that somebody was there and not which way they went. */
export const recordedTypes = [...punchTypes, 'unknown'] as const;
export type RecordedType = (typeof recordedTypes)[number];

/** The state after the last punch of a person. */
type Presence = 'out' | 'in' | 'break';

/**
 * What is odd about a punch: its state machine does not allow it, it closes something left open, the person was not employed then,
 * it was reported long after, or from a place where nobody expected it.
 */
export type PunchFlag =
  | 'double_in'
  | 'orphan_out'
  | 'orphan_break_start'
  | 'orphan_break_end'
  | 'missing_break_end'
  | 'missing_out_before'
  | 'too_soon'
  | 'outside_employment'
  | 'reported_late'
  | 'outside_geofence'
  | 'position_missing';

/** Nobody knows where an unknown one left the person, so nothing is said of them. */
const after: Readonly<Record<RecordedType, Presence>> = {
  in: 'in',
  out: 'out',
  break_start: 'break',
  break_end: 'in',
  unknown: 'out',
};

const next: Record<Presence, readonly DirectedType[]> = {
  out: ['in'],
  in: ['out', 'break_start'],
  break: ['break_end', 'out'],
};

const illegal: Record<DirectedType, PunchFlag> = {
  in: 'double_in',
  out: 'orphan_out',
  break_start: 'orphan_break_start',
  break_end: 'orphan_break_end',
};

/** Of two punches at one instant, the one that ends something comes first; `type_rank` of the table says the same. */
export const rankOf: Record<RecordedType, number> = { break_end: 0, out: 1, in: 2, break_start: 3, unknown: 3 };

interface Step {
  readonly state: Presence;
  readonly allowedNext: readonly DirectedType[];
  readonly legal: boolean;
  readonly flags: readonly PunchFlag[];
}

/**
 * What a punch of `type` at `at` means after `previous`, the punch before it in the employee's order. Only the predecessor
 * counts: a punch that arrives late is judged where it belongs, and what follows it is sorted out when days are computed.
 * A presence older than `timeoutMs` has ended by itself: whoever forgot to punch out yesterday can punch in today.
 */
export function step(
  type: RecordedType,
  at: Date,
  previous: { type: RecordedType; at: Date } | undefined,
  timeoutMs: number,
): Step {
  // Nobody knows which way an unknown one went: it contradicts nothing, and nothing contradicts it.
  if (type === 'unknown' || previous?.type === 'unknown') {
    return { state: 'out', allowedNext: punchTypes, legal: true, flags: [] };
  }
  const before = previous ? after[previous.type] : 'out';
  const forgotten = previous !== undefined && before !== 'out' && at.getTime() - previous.at.getTime() > timeoutMs;
  const state = forgotten ? 'out' : before;
  const allowedNext = next[state];
  const legal = allowedNext.includes(type);
  const flags: PunchFlag[] = [];
  if (forgotten) flags.push('missing_out_before');
  if (!legal) flags.push(illegal[type]);
  if (state === 'break' && type === 'out') flags.push('missing_break_end');
  return { state, allowedNext, legal, flags };
}

/** The state in which the last punch left a person, for a query that reads many: `step` in SQL. `type` is NULL without a punch. */
export function presenceSql(type: string, at: string, timeout: string): string {
  const states = Object.entries(after).map(([punch, state]) => `WHEN '${punch}' THEN '${state}'`);
  return `CASE WHEN now() - ${at} > ${timeout} THEN 'out' ELSE CASE ${type} ${states.join(' ')} ELSE 'out' END END`;
}
