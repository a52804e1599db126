import * as fc from 'fast-check';
import { totalsRows } from '../../src/attendance/pay-periods/totals/totals-csv';
import { bucketMinutes, minutesThatAddUp, payMinutes } from '../../src/attendance/rules/overtime/minutes';
import { runs } from '../support/runs';

const seconds = fc.oneof(fc.nat(120), fc.nat(200_000));
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
const bucket = fc.record({
  source: fc.constantFrom('regular', 'daily', 'weekly', 'seventh_day', 'holiday', 'premium:night'),
  rate: fc.constantFrom(1, 1.25, 1.5, 2, 2.5),
  seconds,
});

describe('minutes that add up', () => {
  it.each([
    [[], []],
    [
      [28_742, 59],
      [479, 1],
    ], // 480:01: the minute that is left is of the 59 seconds, not of the 2
    [
      [30, 30],
      [1, 0],
    ], // of equal remainders the earlier one
    [
      [20, 20, 20, 59, 59],
      [0, 0, 0, 1, 1],
    ],
    [[59], [0]],
    [
      [3600, 0, 60],
      [60, 0, 1],
    ],
  ])('%j seconds are %j minutes', (parts, minutes) => {
    expect(minutesThatAddUp(parts)).toEqual(minutes);
  });

  it('are those of the sum, and none is off by a whole minute', () => {
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 12 }), (parts) => {
        const minutes = minutesThatAddUp(parts);
        expect(sum(minutes)).toBe(Math.floor(sum(parts) / 60));
        for (const [index, part] of parts.entries())
          expect(Math.abs((minutes[index] ?? 0) * 60 - part)).toBeLessThan(60);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('of buckets are those that are payable, those of premiums the premium, each class of overtime its own where there is none', () => {
    const classes = [(rate: number) => rate <= 1, (rate: number) => rate > 1 && rate < 2, (rate: number) => rate >= 2];
    fc.assert(
      fc.property(fc.array(bucket, { maxLength: 10 }), (buckets) => {
        const minutes = bucketMinutes(buckets);
        const isPremium = buckets.map(({ source }) => source === 'holiday' || source === 'premium:night');
        const secondsWhere = (is: (index: number) => boolean) =>
          sum(buckets.map((each, index) => (is(index) ? each.seconds : 0)));
        const minutesWhere = (is: (index: number) => boolean) =>
          sum(minutes.map((each, index) => (is(index) ? each : 0)));
        const ofClass = classes.map((fits) => (index: number) => fits(buckets[index]?.rate ?? 0));
        const [regularSeconds = 0, overtimeSeconds = 0, doubleTimeSeconds = 0] = ofClass.map(secondsWhere);
        const premiumSeconds = secondsWhere((index) => isPremium[index] === true);
        const payableSeconds = regularSeconds + overtimeSeconds + doubleTimeSeconds;
        const paid = payMinutes({ payableSeconds, regularSeconds, overtimeSeconds, doubleTimeSeconds, premiumSeconds });
        expect(sum(minutes)).toBe(paid.payableMinutes);
        expect(paid.regularMinutes + paid.overtimeMinutes + paid.doubleTimeMinutes).toBe(paid.payableMinutes);
        expect(minutesWhere((index) => isPremium[index] === true)).toBe(paid.premiumMinutes);
        for (const [index, each] of buckets.entries())
          expect(Math.abs((minutes[index] ?? 0) * 60 - each.seconds)).toBeLessThan(60);
        if (premiumSeconds === 0)
          expect(ofClass.map(minutesWhere)).toEqual([
            paid.regularMinutes,
            paid.overtimeMinutes,
            paid.doubleTimeMinutes,
          ]);
      }),
      { numRuns: runs(2000) },
    );
  });
});

it('totals that were frozen before their minutes added up keep the bytes that their hash is of', () => {
  const totals = {
    approvedDays: 0,
    scheduledSeconds: 0,
    workedSeconds: 0,
    payableSeconds: 28_801,
    regularSeconds: 28_742,
    overtimeSeconds: 59,
    doubleTimeSeconds: 0,
    premiumSeconds: 0,
    breakSeconds: 0,
    lateSeconds: 0,
    earlyLeaveSeconds: 0,
    mealPremiumSeconds: 0,
    buckets: [
      { source: 'regular', rate: 1, seconds: 28_742 },
      { source: 'weekly', rate: 1.5, seconds: 59 },
    ],
    adjustments: [],
  };
  const minutesOf = (more: object) => {
    const of = { employeeId: 'e', employeeNumber: null, name: 'n', days: 1, totals: { ...totals, ...more } };
    const [total = [], ...buckets] = totalsRows({ startDate: '2026-03-01', endDate: '2026-03-31', revision: 1 }, of);
    return [total[22], total[24], total[26], ...buckets.map((cells) => cells[10])];
  };
  expect(minutesOf({})).toEqual([480, 479, 0, 479, 0]);
  expect(minutesOf({ minutesAddUp: true })).toEqual([480, 479, 1, 479, 1]);
});
