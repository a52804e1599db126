import type { AttendanceResult } from '../../../../src/attendance/rules/engine';
import { definePolicy, type Policy } from '../../../../src/attendance/rules/policy';
import type { CaseContext } from '../context';

/** So many seconds of work without a break on day D, for cases that give a length instead of punches. */
export function unbroken(context: CaseContext, seconds: number, rule: Partial<Policy> = {}): AttendanceResult {
  const { setup } = context;
  const start = setup.zone.dayStart(setup.today) + 6 * 3600;
  return context.compute({
    punches: [
      { id: 'in', seq: 1, type: 'in', at: start },
      { id: 'out', seq: 2, type: 'out', at: start + seconds },
    ],
    policy: definePolicy({ ...setup.policy, ...rule }),
    from: setup.today - 1,
    to: setup.today + 1,
    now: start + seconds + 2 * 24 * 3600,
  });
}
