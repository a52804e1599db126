import { type PolicyVersion, PolicyVersions } from '../../src/attendance/policies/policies-in-force';
import { DEFAULT_POLICY } from '../../src/attendance/rules/policy';
import { parseDate } from '../../src/attendance/rules/time/calendar';

const madrid = 'unit-madrid';
const version = (id: string, from: string, orgUnitId: string | null, grace: number): PolicyVersion => ({
  id,
  orgUnitId,
  from: parseDate(from),
  settings: JSON.stringify({ lateGraceMinutes: grace }),
});
const policies = new PolicyVersions([
  version('all-1', '2026-01-01', null, 1),
  version('madrid-1', '2026-03-01', madrid, 3),
  version('all-2', '2026-02-01', null, 2),
  version('all-3', '2026-04-01', null, 4),
]);
const inForce = (unit: string | null, day: string) => policies.inForce(unit, parseDate(day));

describe('the policy in force', () => {
  it('is the default before the first version', () => {
    expect(inForce(null, '2025-12-31')).toEqual({ id: null, policy: DEFAULT_POLICY });
    expect(new PolicyVersions([]).inForce(madrid, 0)).toEqual({ id: null, policy: DEFAULT_POLICY });
  });

  it.each([
    ['2026-01-01', 'all-1'],
    ['2026-01-31', 'all-1'],
    ['2026-02-01', 'all-2'],
    ['2030-01-01', 'all-3'],
  ])('is the latest whose date has come: %s -> %s', (day, id) => {
    expect(inForce(null, day).id).toBe(id);
    expect(inForce('unit-without-its-own', day).id).toBe(id);
  });

  it('is that of the org unit once it has one, whatever comes for everybody later', () => {
    expect(inForce(madrid, '2026-02-28').id).toBe('all-2');
    expect(inForce(madrid, '2026-03-01')).toMatchObject({ id: 'madrid-1', policy: { lateGraceSeconds: 180 } });
    expect(inForce(madrid, '2026-05-01').id).toBe('madrid-1');
  });

  it('completes the settings with the defaults', () => {
    expect(inForce(null, '2026-02-02').policy).toEqual({ ...DEFAULT_POLICY, lateGraceSeconds: 120 });
  });

  it('parses the same settings once', () => {
    const again = new PolicyVersions([version('again', '2026-01-01', null, 1)]);
    expect(again.inForce(null, parseDate('2026-01-01')).policy).toBe(inForce(null, '2026-01-01').policy);
  });
});
