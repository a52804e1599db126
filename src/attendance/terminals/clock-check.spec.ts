import type { ReportedLine } from './attlog-lines';
import { clockDoubts } from './clock-check';

const now = new Date('2026-07-01T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const at = (date: Date): ReportedLine => ({
  ...{ text: '', pin: '1', type: 'in', at: date, offsetMinutes: 120 },
  date: new Date(date.getTime() + 120 * 60_000).toISOString().slice(0, 10),
});
const day = 24 * 60;
const returned = { lastSeenAt: ago(1), contactSince: ago(5), away: { from: ago(4 * day), until: ago(5) } };
const connected = { lastSeenAt: ago(1), contactSince: ago(2 * day), liveAt: ago(300) };

describe('the time of a line', () => {
  it.each([
    ['sent at once', {}, [0.1], [undefined]],
    ['of a clock nine minutes behind', connected, [9], [undefined]],
    ['of a clock six minutes ahead', {}, [-6], ['punch_in_future']],
    ['of a backlog of more than a year', {}, [700 * day, 400 * day, 3 * day], []],
    ['of a backlog of years', {}, [2000 * day, 900 * day, 3 * day], ['clock_reset', 'clock_reset', undefined]],
    [
      'of last week, in company, of a connected terminal that has sent a punch since',
      { ...connected, liveAt: ago(3) },
      [7 * day + 1, 7 * day],
      ['clock_set_back', 'clock_set_back'],
    ],
    [
      'of last week, in company, of a terminal that has only just come back',
      { ...connected, contactSince: ago(2) },
      [7 * day + 1, 7 * day],
      [],
    ],
    ['of the year 2000, in a backlog', {}, [9600 * day, 3 * day], ['clock_reset', undefined]],
    ['of last year, alone, after live punches', { liveAt: ago(3) }, [400 * day], ['clock_set_back']],
    ['of this morning, alone, after live punches: another one may be late', { liveAt: ago(3) }, [480], [undefined]],
    ['of last week, behind one that was sent at once', {}, [1, 7 * day], [undefined, 'clock_set_back']],
    ['of last week, in front of one that was sent at once', {}, [7 * day, 1], [undefined, undefined]],
    ['that a connected terminal kept to itself', connected, [180], ['clock_behind']],
    ['of before a connected terminal last sent a punch', connected, [310], [undefined]],
    ['newest first, up to now', {}, [1, 2 * day, 7 * day], [undefined, undefined, undefined]],
    ['newest first, after a live punch', { ...connected, liveAt: ago(3) }, [2 * day, 3 * day, 7 * day], []],
    [
      'newest first, of years',
      { ...connected, liveAt: ago(3) },
      [2 * day, 3 * day, 2000 * day],
      [undefined, undefined, 'clock_reset'],
    ],
    [
      'set back once, and going on from there',
      { ...connected, liveAt: ago(3) },
      [1, 8 * day, 8 * day - 1],
      [undefined, 'clock_set_back', 'clock_set_back'],
    ],
    ['of an outage, alone, behind a punch of now', { ...returned, liveAt: ago(1) }, [2 * day], [undefined]],
    [
      'of an outage, in company, behind a punch of now',
      { ...returned, liveAt: ago(1) },
      [3 * day, 2 * day, 1 * day],
      [],
    ],
    ['of an outage, behind a punch of now in one upload', returned, [1, 3 * day, 2 * day], []],
    [
      'of before an outage, behind a punch of now',
      { ...returned, liveAt: ago(1) },
      [5 * day, 5 * day - 1],
      ['clock_set_back', 'clock_set_back'],
    ],
    [
      'of an outage and of before it, behind a punch of now',
      { ...returned, liveAt: ago(1) },
      [3 * day, 9 * day, 9 * day - 1],
      [undefined, 'clock_set_back', 'clock_set_back'],
    ],
    ['of an outage, sent after it', { ...connected, contactSince: ago(2) }, [180, 20], [undefined, undefined]],
    ['sent by a terminal that was away until now', { ...connected, lastSeenAt: ago(200) }, [180], [undefined]],
    ['exactly a change of the clock old, alone', {}, [61], ['clock_behind']],
    [
      'whose newest is exactly a change of the clock old',
      {},
      [62, 61, 60],
      ['clock_behind', 'clock_behind', 'clock_behind'],
    ],
    ['the same, not in order', {}, [60, 61], ['clock_behind', 'clock_behind']],
    ['the same, behind a backlog by the same clock', {}, [600, 60], ['clock_behind', 'clock_behind']],
    ['the same, after a live punch', { ...connected, liveAt: ago(3) }, [61, 60], ['clock_behind', 'clock_behind']],
    ['whose newest is a change of the clock ahead', {}, [30, -60], ['punch_in_future', 'punch_in_future']],
    ['a change of the clock old, in front of one sent at once', {}, [60, 0.1], [undefined, undefined]],
    ['an hour and a quarter old', {}, [75], [undefined]],
  ])('%s', (_, device, ages, reasons) => {
    const lines = ages.map((minutes) => at(ago(minutes)));
    const doubts = clockDoubts(lines, { timeZone: 'Europe/Berlin', ...device }, now, new Set());
    const expected = lines.map((_line, index) => (reasons as (string | undefined)[])[index]);
    expect(lines.map((line) => doubts.get(line)?.reason)).toEqual(expected);
  });

  it.each([
    ['Asia/Tokyo', 60, undefined],
    ['Africa/Casablanca', 60, 'clock_behind'],
    ['Africa/El_Aaiun', 60, 'clock_behind'],
    ['Antarctica/Troll', 120, 'clock_behind'],
    ['Asia/Kolkata', 60, undefined],
    ['Australia/Lord_Howe', 30, 'clock_behind'],
    ['America/New_York', 60, 'clock_behind'],
  ])('in %s, %d minutes old', (timeZone, minutes, reason) => {
    const line = at(ago(minutes));
    expect(clockDoubts([line], { timeZone }, now, new Set()).get(line)?.reason).toBe(reason);
  });

  it.each([
    ['of the first minutes of the year', ['2026-01-01T00:07:12'], ['clock_reset']],
    ['several of them', ['2025-01-01T00:07:12', '2025-01-01T00:07:40'], ['clock_reset', 'clock_reset']],
    ['in front of a backlog', ['2026-01-01T00:07:12', '2026-05-01T08:00:00'], ['clock_reset', undefined]],
    ['behind a punch of the day before', ['2025-12-31T22:00:00', '2026-01-01T00:07:12'], [undefined, undefined]],
    ['behind a punch of another year', ['2024-12-31T22:00:00', '2026-01-01T00:07:12'], [undefined, 'clock_reset']],
    ['of the morning of that day', ['2026-01-01T08:00:00'], [undefined]],
    ['of the first minutes of another month', ['2026-02-01T00:07:12'], [undefined]],
  ])('%s: %j', (_, times, reasons) => {
    const lines = times.map((time) => at(new Date(`${time}+02:00`)));
    const doubts = clockDoubts(lines, { timeZone: 'Europe/Berlin' }, now, new Set());
    expect(lines.map((line) => doubts.get(line)?.reason)).toEqual(reasons);
  });

  it('of a night of New Year that is not over for a week is believed', () => {
    const line = at(new Date('2026-01-01T00:07:12+02:00'));
    const doubts = clockDoubts([line], { timeZone: 'Europe/Berlin' }, new Date('2026-01-04T09:00:00Z'), new Set());
    expect(doubts.size).toBe(0);
  });

  it('left out of a past that is sent again is believed, since what stands beside it is on record', () => {
    const [known, fresh] = [at(ago(8 * day)), at(ago(7 * day))];
    const device = { timeZone: 'Europe/Berlin', ...connected, liveAt: ago(3) };
    expect(clockDoubts([known, fresh], device, now, new Set([known])).size).toBe(0);
    expect(clockDoubts([known, at(ago(60))], device, now, new Set()).size).toBe(2);
  });
});
