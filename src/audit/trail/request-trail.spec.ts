import { HttpAdapterHost } from '@nestjs/core';
import { Counter, Gauge, Registry } from 'prom-client';
import type { UnitOfWork } from '../../database/unit-of-work';
import { Workers } from '../../database/workers';
import { RequestTrail } from './request-trail';
import type { TrailLine } from './trail-line';
import type { TrailRepository } from './trail.repository';

const line = { requestId: 'r' } as TrailLine;
let batches: number[];
let failures: number;
let lostLines: Counter;
let failedInserts: Counter<'trail'>;
let trail: RequestTrail;
let shutDown: () => Promise<void>;

beforeEach(() => {
  jest.useFakeTimers();
  batches = [];
  failures = 0;
  const registers = [new Registry()];
  const [help, labelNames] = ['-', ['trail'] as const];
  lostLines = new Counter({ name: 'lost', help, registers });
  failedInserts = new Counter({ name: 'failed', help, labelNames, registers });
  const failing = new Gauge({ name: 'failing', help, labelNames: ['worker'], registers });
  const repository = {
    insert: (lines: readonly TrailLine[]) => {
      if (failures-- > 0) return Promise.reject(new Error('away'));
      batches.push(lines.length);
      return Promise.resolve();
    },
  } as unknown as TrailRepository;
  const work = {
    beforeClosing: (flush: () => Promise<void>) => {
      shutDown = flush;
    },
  } as unknown as UnitOfWork;
  trail = new RequestTrail(new HttpAdapterHost(), repository, lostLines, failedInserts, new Workers(failing), work);
});
afterEach(() => jest.useRealTimers());

const take = (count: number) => {
  for (let n = 0; n < count; n++) trail.take(line);
};
const lost = async () => (await lostLines.get()).values[0]?.value;
const failed = async () => (await failedInserts.get()).values.find(({ labels }) => labels.trail === 'requests')?.value;

it('waits a quarter of a second for company', async () => {
  take(3);
  await jest.advanceTimersByTimeAsync(249);
  expect(batches).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(batches).toEqual([3]);
});

it('leaves at once when a batch is full, and holds no timer when nothing waits', async () => {
  take(1000);
  await jest.advanceTimersByTimeAsync(0);
  expect(batches).toEqual([1000]);
  expect(jest.getTimerCount()).toBe(0);
});

it('tries once more, and loses nothing then', async () => {
  failures = 1;
  take(2);
  await jest.advanceTimersByTimeAsync(1250);
  expect(batches).toEqual([2]);
  expect(await lost()).toBe(0);
  expect(await failed()).toBe(1);
});

it('counts what it could not store, leaves the database alone for a second, and goes on', async () => {
  failures = 2;
  take(2);
  await jest.advanceTimersByTimeAsync(1250);
  take(5);
  await jest.advanceTimersByTimeAsync(900);
  expect(batches).toEqual([]);
  await jest.advanceTimersByTimeAsync(100);
  expect(batches).toEqual([5]);
  expect(await lost()).toBe(2);
  expect(await failed()).toBe(2);
});

it('never grows beyond its bound: a batch under way, and twenty thousand lines', async () => {
  failures = 1_000_000;
  take(25_000);
  expect(await lost()).toBe(4000);
});

it('writes everything at shutdown, without pauses', async () => {
  failures = 1;
  take(4500);
  await shutDown();
  expect(batches.reduce((sum, size) => sum + size, 0)).toBe(4500);
});

it('does not hold up a shutdown when the database is away', async () => {
  failures = 1_000_000;
  take(4500);
  await shutDown();
  expect(await lost()).toBe(4500);
  expect(await failed()).toBeLessThanOrEqual(4);
});
