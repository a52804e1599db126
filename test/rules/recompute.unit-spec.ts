import type { DayException } from '../../src/attendance/rules/day/exception';
import { reconcileExceptions, type RecordedException } from '../../src/attendance/rules/day/reconcile';
import { adjustmentsOf } from '../../src/attendance/rules/periods/adjustment';

const late: DayException = { code: 'IN_LATE', anchor: 's#0', at: 100, seconds: 60, state: 'OPEN' };
const missing: DayException = { code: 'MISSING_OUT', anchor: 'p1', at: 100, seconds: 0, state: 'PREMATURE' };

function row(of: DayException, state: RecordedException['state']): RecordedException {
  return { id: `row of ${of.code}`, code: of.code, anchor: of.anchor, state };
}

describe('a recompute', () => {
  it('inserts what is new and changes nothing the second time', () => {
    expect(reconcileExceptions([], [late, missing]).insert).toEqual([late, missing]);
    const nothing = { insert: [], reopen: [], clear: [] };
    expect(reconcileExceptions([row(late, 'OPEN'), row(missing, 'PREMATURE')], [late, missing])).toEqual(nothing);
  });

  it('opens the same row when its window closes, clears it when it is gone, opens it again when it is back', () => {
    const open: DayException = { ...missing, state: 'OPEN' };
    expect(reconcileExceptions([row(missing, 'PREMATURE')], [open]).reopen).toEqual([
      { id: 'row of MISSING_OUT', found: open },
    ]);
    expect(reconcileExceptions([row(missing, 'OPEN')], []).clear).toEqual(['row of MISSING_OUT']);
    expect(reconcileExceptions([row(missing, 'AUTO_CLEARED')], [open]).reopen).toHaveLength(1);
  });

  it('leaves what a person decided as long as it is found', () => {
    for (const state of ['ACKNOWLEDGED', 'EXCUSED', 'RESOLVED'] as const) {
      expect(reconcileExceptions([row(late, state)], [late])).toEqual({ insert: [], reopen: [], clear: [] });
      expect(reconcileExceptions([row(late, state)], []).clear).toEqual(['row of IN_LATE']);
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
