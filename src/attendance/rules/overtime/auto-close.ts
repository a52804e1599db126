import { totalOf, type Interval } from '../time/interval';
import type { Instant } from '../time/instant';

/**
 * The instant at which an open interval reaches `targetSeconds` of work for its day, `workedSeconds` of which are done:
 * where a tenant's policy closes forgotten intervals, the punch of source `auto` stands here, visible and reversible.
 * `unpaid` is time that does not count as work. `null` when the target was reached before.
 */
export function autoCloseAt(
  openSince: Instant,
  workedSeconds: number,
  targetSeconds: number,
  unpaid: readonly Interval[],
): Instant | null {
  let end = openSince + targetSeconds - workedSeconds;
  if (end < openSince) return null;
  for (;;) {
    const idle = totalOf(
      unpaid.flatMap((each) => {
        const start = Math.max(each.start, openSince);
        const stop = Math.min(each.end, end);
        return start < stop ? [{ start, end: stop }] : [];
      }),
    );
    const next = openSince + targetSeconds - workedSeconds + idle;
    if (next === end) return end;
    end = next;
  }
}
