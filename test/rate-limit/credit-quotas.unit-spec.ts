import { Logger } from '@nestjs/common';
import { CreditQuotas } from '../../src/rate-limit/credit-quotas';
import { type QuotaDecision, QuotaStore } from '../../src/rate-limit/quota-store';
import { SharedQuotas } from '../../src/rate-limit/shared-quotas';
import { HeldCounts, inReach } from './held-counts';

const policy = { name: 'tried', limit: 100, windowMs: 60_000 };
const CREDIT = 5;

let counts: HeldCounts;
beforeEach(() => {
  for (const level of ['warn', 'log'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue();
  jest.useFakeTimers();
  counts = new HeldCounts();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** A process; its clock stands still but for what the timers are told. */
function replica() {
  const store = new QuotaStore(() => 0);
  const { reach } = inReach(counts);
  return new CreditQuotas(store, new SharedQuotas(store, reach), reach);
}
const amounts = () => counts.questions.map((asked) => asked.map(({ amount }) => amount));
const settled = () => jest.advanceTimersByTimeAsync(0);
async function admitted(quotas: CreditQuotas, attempts: number, key = 'k'): Promise<number> {
  let count = 0;
  for (let attempt = 0; attempt < attempts; attempt++) if ((await quotas.take(policy, key)).allowed) count++;
  return count;
}

it('decide at once, and tell many callers’ small debts in one exchange once they are old', async () => {
  const quotas = replica();
  for (const key of ['a', 'b', 'c']) expect(quotas.take(policy, key)).not.toBeInstanceOf(Promise);
  await jest.advanceTimersByTimeAsync(4500);
  expect(amounts()).toEqual([]);
  await jest.advanceTimersByTimeAsync(2000);
  expect(amounts()).toEqual([[1, 1, 1]]);
  await jest.advanceTimersByTimeAsync(20_000);
  expect([amounts().length, jest.getTimerCount()]).toEqual([1, 0]);
});

it('tell half a credit at once, and let only a burst beyond a credit wait', async () => {
  const open = counts.hold();
  const quotas = replica();
  const burst = Array.from({ length: 12 }, () => quotas.take(policy, 'k'));
  expect(burst.map((each) => each instanceof Promise)).toEqual([
    ...Array<boolean>(CREDIT).fill(false),
    ...Array<boolean>(7).fill(true),
  ]);
  open();
  const decisions: QuotaDecision[] = [];
  for (const each of burst) decisions.push(await each);
  await settled();
  expect(decisions.every(({ allowed }) => allowed)).toBe(true);
  expect(counts.questions.flat().reduce((sum, { amount }) => sum + amount, 0)).toBeGreaterThanOrEqual(12 - CREDIT);
});

it('LIM-02: admit exactly the quota to whoever talks to one process', async () => {
  expect(await admitted(replica(), 150)).toBe(100);
});

it.each([2, 3, 5])('LIM-06: admit at most the quota and a credit each, with %i processes', async (processes) => {
  const replicas = Array.from({ length: processes }, replica);
  let sum = 0;
  for (let round = 0; round < 150; round++) for (const each of replicas) sum += await admitted(each, 1);
  expect(sum).toBeGreaterThanOrEqual(100);
  expect(sum).toBeLessThanOrEqual(100 + processes * CREDIT);
  for (const each of replicas) await each.beforeApplicationShutdown();
  expect(await admitted(replica(), 10)).toBeLessThanOrEqual(CREDIT);
});

it('leave quotas that are too small for a credit to the shared counts', async () => {
  const small = { ...policy, limit: 19 };
  expect(replica().take(small, 'k')).toBeInstanceOf(Promise);
  await settled();
  expect(amounts()).toEqual([[1]]);
});

it('LIM-16: hold nobody up while the counts are away, limit by themselves, and tell what they owe afterwards', async () => {
  const quotas = replica();
  counts.fault = new Error('connection refused');
  expect(await admitted(quotas, 150)).toBe(100);
  counts.fault = undefined;
  await jest.advanceTimersByTimeAsync(3000);
  expect(amounts().at(-1)).toEqual([100]);
  expect(await admitted(replica(), 10)).toBeLessThanOrEqual(CREDIT);
});

it('tell what they owe when they end', async () => {
  const quotas = replica();
  await admitted(quotas, 2);
  await quotas.beforeApplicationShutdown();
  expect(amounts()).toEqual([[2]]);
});
