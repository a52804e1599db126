import { decide, type PunchContext } from './decide';
import type { PunchDraft } from './punch';

const now = new Date('2026-03-10T12:00:00Z');
const me = '00000000-0000-4000-8000-000000000001';
const draft = (over: Partial<PunchDraft> = {}): PunchDraft => ({
  employeeId: me,
  type: 'in',
  source: 'kiosk',
  ...over,
});
const known = (over: Partial<PunchContext> = {}): PunchContext => ({
  now,
  date: { closed: false, lateness: 'in_time' },
  place: { outcome: 'counted' },
  tooSoonSeconds: 5,
  presenceTimeoutHours: 16,
  employee: { active: true },
  ...over,
});
const secondsFrom = (base: Date, seconds: number) => new Date(base.getTime() + seconds * 1000);
const codeOf = (decision: ReturnType<typeof decide>) =>
  decision.kind === 'refused' ? decision.problem.code : decision.kind;

describe('what becomes of a punch', () => {
  it('takes the clock of the database when the device has none', () => {
    const decision = decide(draft(), me, known());
    expect(decision).toMatchObject({
      kind: 'created',
      punch: { occurredAt: now, receivedAt: now, skewMs: 0, flags: [] },
    });
  });

  it('keeps both times, and how far they are apart', () => {
    const occurredAt = secondsFrom(now, -90);
    expect(decide(draft({ occurredAt }), me, known())).toMatchObject({
      punch: { occurredAt, receivedAt: now, skewMs: 90_000 },
    });
  });

  it.each([
    [300, 'created'],
    [301, 'punch_in_future'],
  ])('allows a device clock that is %d s ahead: %s', (seconds, expected) => {
    expect(codeOf(decide(draft({ occurredAt: secondsFrom(now, seconds) }), me, known()))).toBe(expected);
  });

  it.each([
    [4.999, 'PUNCH_TOO_SOON'],
    [5, 'created'],
    [-4.999, 'PUNCH_TOO_SOON'],
    [-5, 'created'],
  ])('PAIR-10: judges the distance to the neighbour, not its sign (%d s)', (seconds, expected) => {
    const nearest = { type: 'in' as const, at: secondsFrom(now, seconds) };
    expect(codeOf(decide(draft(), me, known({ nearestOfType: nearest })))).toBe(expected);
  });

  it('PAIR-10: records an offline "in" of 09:00 that arrives after the stored one of 18:00', () => {
    const evening = new Date('2026-03-10T18:00:00Z');
    const decision = decide(
      draft({ occurredAt: new Date('2026-03-10T09:00:00Z'), source: 'mobile' }),
      me,
      known({ now: new Date('2026-03-10T19:00:00Z'), nearestOfType: { type: 'in', at: evening } }),
    );
    expect(decision.kind).toBe('created');
  });

  it('flags what a terminal tells too soon or out of order, and records it', () => {
    const before = { type: 'in' as const, at: secondsFrom(now, -2) };
    const decision = decide(draft({ source: 'terminal' }), me, known({ previous: before, nearestOfType: before }));
    expect(decision).toMatchObject({ kind: 'created', punch: { flags: ['double_in', 'too_soon'] } });
  });

  it('tells a person at a kiosk what is allowed next', () => {
    const previous = { type: 'break_start' as const, at: secondsFrom(now, -600) };
    const decision = decide(draft({ type: 'break_start' }), me, known({ previous }));
    expect(decision).toMatchObject({
      kind: 'refused',
      problem: {
        code: 'punch_out_of_order',
        extras: { members: { state: 'break', allowedNext: ['break_end', 'out'] } },
      },
    });
  });

  it('refuses for somebody who does not exist before it says anything else', () => {
    const stranger = known({ nearestOfType: { type: 'in', at: now } });
    expect(codeOf(decide(draft(), me, { ...stranger, employee: undefined }))).toBe('employee_unknown');
  });

  it('refuses for a deactivated employee', () => {
    expect(codeOf(decide(draft(), me, known({ employee: { active: false } })))).toBe('employee_inactive');
  });
});
