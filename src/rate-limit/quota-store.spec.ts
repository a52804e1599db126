import * as fc from 'fast-check';
import type { QuotaPolicy } from './quota-policy';
import { QuotaStore } from './quota-store';

const policy: QuotaPolicy = { name: 'tried', limit: 10, windowMs: 60_000 };

function storeAt(start = 0, capacity?: number) {
  const clock = { now: start };
  const store = new QuotaStore(() => clock.now, capacity);
  const admitted = (attempts: number, key = 'k', of = policy) =>
    Array.from({ length: attempts }, () => store.take(of, key)).filter((decision) => decision.allowed).length;
  return { clock, store, admitted };
}

describe('QuotaStore', () => {
  it.each([1, 3, 10, 1200, 99_991])('admits exactly %i of a burst of one more (LIM-02)', (limit) => {
    const { admitted } = storeAt(123_456.789);
    expect(admitted(limit + 1, 'k', { ...policy, limit })).toBe(limit);
  });

  it('shows what is left and when there will be more', () => {
    const { store, clock } = storeAt();
    expect(store.take(policy, 'k')).toMatchObject({ allowed: true, remaining: 9, resetSeconds: 6 });
    for (let i = 0; i < 9; i++) store.take(policy, 'k');
    expect(store.take(policy, 'k')).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 6 });
    clock.now += 1000;
    expect(store.take(policy, 'k')).toMatchObject({ allowed: false, resetSeconds: 5 });
  });

  it('admits a caller who waited as long as it was told, however often it asked meanwhile', () => {
    const { store, clock, admitted } = storeAt(0.1);
    admitted(10);
    const { resetSeconds } = store.take(policy, 'k');
    admitted(1000);
    clock.now += resetSeconds * 1000;
    expect(store.take(policy, 'k').allowed).toBe(true);
    expect(store.take(policy, 'k').allowed).toBe(false);
  });

  it('has no edge of a window: a second burst gets only what was refilled (LIM-05)', () => {
    const { clock, admitted } = storeAt();
    clock.now = 59_900;
    expect(admitted(10)).toBe(10);
    clock.now = 60_100;
    expect(admitted(10)).toBe(0);
    clock.now = 72_000;
    expect(admitted(10)).toBe(2);
  });

  it('never admits more than the quota and its refill, whatever the pattern', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 20_000 }), attempts: fc.integer({ min: 1, max: 15 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, admitted } = storeAt();
        const total = steps.reduce((sum, { wait, attempts }) => ((clock.now += wait), sum + admitted(attempts)), 0);
        expect(total).toBeLessThanOrEqual(
          policy.limit + Math.floor((clock.now * policy.limit) / policy.windowMs) + 1e-6,
        );
      }),
    );
  });

  it.each([3_600_000, -3_600_000])(
    'a clock that jumps by %i ms blocks nobody longer than the window (LIM-17)',
    (jump) => {
      const { clock, admitted, store } = storeAt(10_000_000);
      admitted(20);
      clock.now += jump;
      expect(store.peek(policy, 'k').resetSeconds).toBeLessThanOrEqual(60);
      clock.now += policy.windowMs;
      expect(admitted(20)).toBe(10);
    },
  );

  it('keeps keys and policies apart', () => {
    const { admitted } = storeAt();
    expect([admitted(11, 'a'), admitted(11, 'b'), admitted(11, 'a', { ...policy, name: 'other' })]).toEqual([
      10, 10, 10,
    ]);
  });

  it('peeks without taking, and gives back what did not count, never more', () => {
    const { store, admitted } = storeAt();
    expect(store.peek(policy, 'k')).toMatchObject({ allowed: true, remaining: 10, resetSeconds: 0 });
    expect(admitted(10)).toBe(10);
    expect(store.peek(policy, 'k').allowed).toBe(false);
    store.giveBack(policy, 'k');
    expect(admitted(2)).toBe(1);
    for (let i = 0; i < 50; i++) store.giveBack(policy, 'k');
    expect(admitted(20)).toBe(10);
  });

  it('remembers a bounded number of keys and forgets the one that was idle longest', () => {
    const { admitted } = storeAt(0, 3);
    admitted(10, 'kept');
    for (const key of ['a', 'b', 'kept', 'c', 'kept', 'd']) admitted(1, key);
    expect(admitted(1, 'kept')).toBe(0);
    expect(admitted(11, 'a')).toBe(10);
  });
});
