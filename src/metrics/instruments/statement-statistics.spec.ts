import { StatementStatistics } from './statement-statistics';

const read = { name: 'punches.list', text: 'SELECT 1' };
const write = { name: 'punches.store', text: 'INSERT INTO punches VALUES ($1)' };

describe('what statements took', () => {
  it('is counted for each name and for all together', () => {
    const statistics = new StatementStatistics();
    for (const ms of [1, 2, 3]) statistics.add(read, ms, ms);
    statistics.add(write, 250, 4);
    const [reads, writes] = statistics.tallies();
    expect(reads).toMatchObject({ statement: read, count: 3, totalMs: 6, minMs: 1, maxMs: 3, slow: 0 });
    expect(writes).toMatchObject({ statement: write, count: 1, slow: 1 });
    expect(statistics.all).toMatchObject({ count: 4, totalMs: 256, minMs: 1, maxMs: 250, slow: 1 });
  });

  it.each([
    ['evenly spread', Array.from({ length: 1000 }, (_, i) => (i + 1) / 10), 95],
    ['mostly alike', [...Array.from({ length: 99 }, () => 2), 800], 2],
    ['one only', [7], 7],
    ['shorter than the clock can tell', [0, 0], 0],
    ['longer than the last bucket', [10_000_000], 10_000_000],
  ])('says where the slowest twentieth begins, at most a fifth too high: %s', (_, times, p95) => {
    const statistics = new StatementStatistics();
    for (const ms of times) statistics.add(read, ms, 0);
    const told = statistics.all.quantileMs(0.95);
    expect(told).toBeGreaterThanOrEqual(p95);
    expect(told).toBeLessThanOrEqual(p95 * 1.2);
  });

  it('says nothing of none', () => {
    const statistics = new StatementStatistics();
    expect([statistics.tallies(), statistics.last(), statistics.slowest()]).toEqual([[], [], []]);
    expect(statistics.all.quantileMs(0.95)).toBe(0);
  });

  it('remembers the last twenty, and the last thousand slow ones by duration', () => {
    const statistics = new StatementStatistics();
    for (let ms = 1; ms <= 1500; ms++) statistics.add(read, ms, ms);
    expect(statistics.last().map(({ ms }) => ms)).toEqual(Array.from({ length: 20 }, (_, i) => 1500 - i));
    expect(statistics.slowest()).toHaveLength(1000);
    expect(statistics.slowest().map(({ ms }) => ms).slice(0, 3)).toEqual([1500, 1499, 1498]); // prettier-ignore
  });

  it('tells no more than a thousand names apart, and puts what has none beside them', () => {
    const statistics = new StatementStatistics();
    for (let i = 0; i < 1100; i++) statistics.add({ name: `n${i}`, text: '' }, 1, 0);
    statistics.add({ name: '', text: 'SELECT 1' }, 1, 0);
    const tallies = statistics.tallies();
    expect(tallies).toHaveLength(1001);
    expect(tallies.at(-1)).toMatchObject({ count: 101, statement: { name: '' } });
  });
});
