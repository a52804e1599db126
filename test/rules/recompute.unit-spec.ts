import { type AutomaticException, exceptionChanges } from '../../src/attendance/days/exception-changes';
import type { DayException } from '../../src/attendance/rules/day/exception';
import { adjustmentsOf } from '../../src/attendance/rules/periods/adjustment';

const late: DayException = { code: 'IN_LATE', anchor: 's#0', at: 100, seconds: 60, state: 'open' };
const missing: DayException = { code: 'MISSING_OUT', anchor: 'p1', at: 100, seconds: 0, state: 'premature' };
const nothing = { insert: [], change: [] };

function row(of: DayException, status: AutomaticException['status']): AutomaticException {
  const { code, anchor, at, seconds } = of;
  return { id: `row of ${code}`, date: '2026-03-02', code, anchor, at, seconds, status };
}

/** The statuses that the only row gets, in order. */
const become = (...args: Parameters<typeof exceptionChanges>) =>
  exceptionChanges(...args).change.map(({ was, status }) => [was, status]);

describe('a recompute', () => {
  it('inserts what is new and changes nothing the second time', () => {
    expect(exceptionChanges([], [late, missing])).toEqual({ insert: [late, missing], change: [] });
    expect(exceptionChanges([row(late, 'open'), row(missing, 'premature')], [late, missing])).toEqual(nothing);
  });

  it('opens the same row when its window closes, clears it when it is gone, opens it again when it is back', () => {
    const open: DayException = { ...missing, state: 'open' };
    expect(exceptionChanges([row(missing, 'premature')], [open])).toEqual({
      insert: [],
      change: [{ id: 'row of MISSING_OUT', was: 'premature', status: 'open', at: 100, seconds: 0 }],
    });
    expect(become([row(missing, 'open')], [])).toEqual([['open', 'cleared']]);
    expect(become([row(missing, 'cleared')], [open])).toEqual([['cleared', 'open']]);
    expect(become([row(missing, 'cleared')], [missing])).toEqual([['cleared', 'premature']]);
    expect(exceptionChanges([row(missing, 'cleared')], [])).toEqual(nothing);
  });

  it('leaves what a person decided as long as the same is found, to the second', () => {
    for (const status of ['approved', 'rejected'] as const) {
      expect(exceptionChanges([row(late, status)], [late])).toEqual(nothing);
      expect(become([row(late, status)], [{ ...late, seconds: 61 }])).toEqual([[status, 'open']]);
      expect(become([row(late, status)], [])).toEqual([[status, 'cleared']]);
    }
  });

  it('turns a late fact for a closed day into signed seconds, once', () => {
    const regular = { source: 'regular' as const, rate: 1 };
    const overtime = { source: 'daily' as const, rate: 1.5 };
    const paid = [
      { ...regular, seconds: 28_800 },
      { ...overtime, seconds: 600 },
    ];
    const due = [
      { ...regular, seconds: 25_200 },
      { ...overtime, seconds: 600 },
    ];
    const change = adjustmentsOf(paid, due);
    expect(change).toEqual([{ ...regular, seconds: -3600 }]);
    expect(adjustmentsOf([...paid, ...change], due)).toEqual([]);
  });
});
