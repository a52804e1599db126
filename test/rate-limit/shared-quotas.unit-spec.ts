import { Logger } from '@nestjs/common';
import { QuotaStore } from '../../src/rate-limit/quota-store';
import { HeldCounts, inReach } from './held-counts';
import { SharedQuotas } from '../../src/rate-limit/shared-quotas';

const policy = { name: 'tried', limit: 3, windowMs: 60_000 };

const clock = { now: 0 };
let counts: HeldCounts;
let isUp: () => Promise<number | undefined>;
let quotas: SharedQuotas;
beforeEach(() => {
  for (const level of ['warn', 'log'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue();
  jest.spyOn(performance, 'now').mockImplementation(() => clock.now);
  counts = new HeldCounts();
  const reached = inReach(counts);
  isUp = reached.isUp;
  quotas = new SharedQuotas(new QuotaStore(() => clock.now), reached.reach);
});
afterEach(() => jest.restoreAllMocks());

const take = (key = 'k') => quotas.take(policy, key).then(({ allowed }) => allowed);

it('ask once for everybody who asks meanwhile, and give what is granted to those who came first', async () => {
  const open = counts.hold();
  const first = take();
  await Promise.resolve();
  await Promise.resolve();
  const others = [take(), take('other'), take(), take()];
  open();
  expect([await first, ...(await Promise.all(others))]).toEqual([true, true, true, true, false]);
  expect(counts.questions.map((asked) => asked.map(({ amount }) => amount))).toEqual([[1], [3, 1]]);
});

it('answer a refusal again without a question, for a second or until something is given back', async () => {
  await Promise.all([take(), take(), take()]);
  expect([await take(), await take(), await take()]).toEqual([false, false, false]);
  expect(counts.questions).toHaveLength(2);
  quotas.giveBack(policy, 'k');
  expect([await take(), await take()]).toEqual([true, false]);
  expect(await quotas.peek(policy, 'k')).toMatchObject({ allowed: false, remaining: 0 });
});

it('show neither an address nor a person to the counts', async () => {
  await take('192.0.2.1');
  expect(counts.questions[0]?.[0]?.key).toMatch(/^[\w-]{22}$/);
});

it('LIM-16: decide alone, by what was known before, while the counts cannot be reached; and ask again after a second', async () => {
  await take();
  counts.fault = new Error('connection refused');
  expect([await take(), await take(), await take(), await take()]).toEqual([true, true, false, false]);
  expect([await isUp(), counts.questions.length]).toEqual([0, 2]);
  counts.fault = undefined;
  clock.now += 1001;
  expect([await take(), await isUp()]).toEqual([true, 1]);
});

it('LIM-16: wait no longer than they are told to', async () => {
  const open = counts.hold();
  expect([await take(), await isUp()]).toEqual([true, 0]);
  open();
});

it('serve the interface of the library', async () => {
  const hit = () => quotas.increment('k', 60_000, 2, 60_000, 'short');
  expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 30, isBlocked: false, timeToBlockExpire: 0 });
  await hit();
  expect(await hit()).toEqual({ totalHits: 3, timeToExpire: 30, isBlocked: true, timeToBlockExpire: 30 });
});
