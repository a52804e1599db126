import type { Instant } from './instant';

/** Half-open: `[start, end)`, in instants. Two intervals that only touch do not overlap. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export function lengthOf(interval: Interval): number {
  return interval.end - interval.start;
}

/** Total seconds of intervals that do not overlap. */
export function totalOf(intervals: readonly Interval[]): number {
  let total = 0;
  for (const interval of intervals) total += interval.end - interval.start;
  return total;
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Sorted, disjoint, without empty members: every moment that lies in at least one interval. Touching ones stay apart. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter((each) => each.end > each.start).sort((a, b) => a.start - b.start || a.end - b.end);
  const result: Interval[] = [];
  for (const next of sorted) {
    const last = result.at(-1);
    if (last && next.start < last.end) {
      if (next.end > last.end) result[result.length - 1] = { start: last.start, end: next.end };
    } else result.push(next);
  }
  return result;
}

/** Every moment in both; each list sorted and disjoint, and so is the answer. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const left of a) {
    for (const right of b) {
      const start = Math.max(left.start, right.start);
      const end = Math.min(left.end, right.end);
      if (start < end) result.push({ start, end });
    }
  }
  return result.length > 1 ? result.sort((x, y) => x.start - y.start) : result;
}

/** Every moment of `a` outside `b`; each list sorted and disjoint, and so is the answer. */
export function subtract(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  if (b.length === 0) return [...a];
  const result: Interval[] = [];
  for (const whole of a) {
    let start = whole.start;
    for (const hole of b) {
      if (hole.end <= start || hole.start >= whole.end) continue;
      if (hole.start > start) result.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < whole.end) result.push({ start, end: whole.end });
  }
  return result;
}

/** Cuts `seconds` off the end of the list. */
export function dropFromEnd(intervals: readonly Interval[], seconds: number): Interval[] {
  const result = [...intervals];
  let left = seconds;
  for (let last = result.pop(); last; last = result.pop()) {
    if (lengthOf(last) > left) {
      result.push({ start: last.start, end: last.end - left });
      break;
    }
    left -= lengthOf(last);
  }
  return result;
}

/** The interval of `seconds` of listed time that begins after `offset` seconds of listed time; it may come back in parts. */
export function sliceOf(intervals: readonly Interval[], offset: number, seconds: number): Interval[] {
  const result: Interval[] = [];
  let position = 0;
  for (const interval of intervals) {
    const start = interval.start + Math.max(0, offset - position);
    const end = Math.min(interval.end, interval.start + offset + seconds - position);
    if (start < end) result.push({ start, end });
    position += lengthOf(interval);
  }
  return result;
}
