import * as fc from 'fast-check';
import { computeAttendance } from '../../src/attendance/rules/engine';
import { addTotals } from '../../src/attendance/rules/overtime/totals';
import { pair } from '../../src/attendance/rules/punches/pair';
import { attribute } from '../../src/attendance/rules/punches/attribute';
import { activePunches, setDuplicatesAside, type PunchEvent } from '../../src/attendance/rules/punches/punch';
import type { Interval } from '../../src/attendance/rules/time/interval';
import { inputs } from './arbitraries';
import { runs } from '../support/runs';

const RUNS = { numRuns: runs(300) };

function expectDisjoint(intervals: readonly Interval[]): void {
  const sorted = [...intervals].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const [index, each] of sorted.entries()) {
    expect(each.end).toBeGreaterThan(each.start);
    expect(each.start).toBeGreaterThanOrEqual(sorted[index - 1]?.end ?? -Infinity);
  }
}

describe('whatever is punched', () => {
  it('pays each second once: regular + overtime + double time = payable = the buckets', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { days, totals, pieces, weeks, workdays } = computeAttendance(input);
        expectDisjoint(pieces);
        for (const day of days) {
          const parts = day.regularSeconds + day.overtimeSeconds + day.doubleTimeSeconds;
          expect(parts).toBe(day.payableSeconds);
          expect(day.buckets.reduce((sum, bucket) => sum + bucket.seconds, 0)).toBe(day.payableSeconds);
          expect(day.workedSeconds).toBeGreaterThanOrEqual(0);
        }
        const paid = pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0);
        expect(totals.payableSeconds).toBe(paid);
        expect(addTotals(weeks)).toEqual(totals);
        expect(addTotals(workdays)).toEqual(totals);
      }),
      RUNS,
    );
  });

  it('never lets two intervals of an employee overlap', () => {
    fc.assert(
      fc.property(inputs, ({ punches, shifts, policy }) => {
        const { kept } = setDuplicatesAside(activePunches(punches), policy.dedupeSeconds);
        const sorted = [...shifts].sort((a, b) => a.start - b.start);
        const pairings = attribute(kept, sorted, policy).map((group) => pair(group, policy));
        expectDisjoint(pairings.flatMap((each) => each.presence));
        for (const { presence, breaks } of pairings) {
          for (const each of presence) expect(each.end - each.start).toBeLessThanOrEqual(policy.maxShiftSeconds);
          for (const each of breaks) {
            expect(presence.some((whole) => each.start >= whole.start && each.end <= whole.end)).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  it('gives the same bytes for punches in any order, however often they are delivered', () => {
    const deliveries = inputs.chain((input) => {
      const twice = fc.subarray([...input.punches]).map((again): PunchEvent[] => [...input.punches, ...again]);
      const shuffled = twice.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
      return fc.record({
        input: fc.constant(input),
        punches: shuffled,
        shifts: fc.shuffledSubarray([...input.shifts], { minLength: input.shifts.length }),
      });
    });
    fc.assert(
      fc.property(deliveries, ({ input, punches, shifts }) => {
        const again = computeAttendance({ ...input, punches, shifts });
        expect(JSON.stringify(again)).toBe(JSON.stringify(computeAttendance(input)));
      }),
      RUNS,
    );
  });

  it('makes up no time: without rounding and paid meals nobody is paid for a second without presence', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const policy = { ...input.policy, roundIn: null, roundOut: null, roundDay: null, paidMeal: null };
        const { days, pieces } = computeAttendance({ ...input, policy });
        const presence = days.flatMap((day) => day.presence);
        for (const piece of pieces) {
          expect(presence.some((each) => piece.start >= each.start && piece.end <= each.end)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
