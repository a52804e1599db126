import * as fc from 'fast-check';
import type { PunchType } from '../../src/attendance/rules/punches/punch';
import { runs } from '../support/runs';
import { type Given, MINUTE, worked } from './scene';

/** Minutes after eight. */
const minute = (min: number, max: number) => fc.integer({ min, max });
const rules = fc.record({
  autoBreaks: fc.array(
    fc.record({ afterSeconds: minute(0, 660).map((m) => m * 60), seconds: minute(1, 90).map((m) => m * 60) }),
    { maxLength: 3 },
  ),
  plannedBreakAfterSeconds: fc.constantFrom(0, 4 * 3600, 6 * 3600),
  breakThresholds: fc.constantFrom('net' as const, 'gross' as const),
  minBreakSeconds: fc.constantFrom(0, 900),
  paidBreakUpToSeconds: fc.constantFrom(0, 1200),
});

describe('whatever the rules of breaks', () => {
  it('pays no less when the same break is punched instead of deducted, by whatever keys', () => {
    const days = fc.record({
      policy: rules,
      length: minute(60, 720),
      planned: minute(0, 90),
      at: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(days, ({ policy, length, planned: breakMinutes, at, share }) => {
        const given: Given = { policy, segments: ['08:00-20:00'], breakMinutes };
        const [from, to] = [480, 480 + length];
        const deducted = worked(
          [
            ['in', from],
            ['out', to],
          ],
          given,
        );
        const taken = Math.floor((deducted.autoBreakSeconds / MINUTE) * share);
        const start = from + Math.floor((length - taken) * at);
        fc.pre(taken > 0 && start > from && start + taken < to && taken * MINUTE >= policy.minBreakSeconds);
        const ways: PunchType[][] = [
          ['in', 'out', 'in', 'out'],
          ['in', 'break_start', 'break_end', 'out'],
          ['unknown', 'unknown', 'unknown', 'unknown'],
        ];
        for (const types of ways) {
          const times = [from, start, start + taken, to];
          const punched = worked(
            types.map((type, index) => [type, times[index] ?? to]),
            { ...given, policy: { ...policy, dedupeSeconds: 0 } },
          );
          expect(punched.payableSeconds).toBeGreaterThanOrEqual(deducted.payableSeconds);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('on net time nobody is paid less for staying longer', () => {
    fc.assert(
      fc.property(rules, minute(60, 719), minute(0, 90), (policy, length, breakMinutes) => {
        const given: Given = { policy: { ...policy, breakThresholds: 'net' }, segments: ['08:00-20:00'], breakMinutes };
        const stayed = (minutes: number) =>
          worked(
            [
              ['in', 480],
              ['out', 480 + minutes],
            ],
            given,
          ).payableSeconds;
        expect(stayed(length + 1)).toBeGreaterThanOrEqual(stayed(length));
      }),
      { numRuns: runs(500) },
    );
  });
});
