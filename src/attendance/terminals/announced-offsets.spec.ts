import { isSignOnDue, shownBy, type AnnouncedOffset } from './announced-offsets';
import { readUpload } from './upload-lines';

const announced = (announcedAt: string, offsetMinutes: number, confirmedAt = announcedAt): AnnouncedOffset => ({
  announcedAt: new Date(announcedAt),
  offsetMinutes,
  confirmedAt: new Date(confirmedAt),
});
const timeZone = 'Europe/Berlin';
/** Europe changes to summer time at 2026-03-29T01:00Z. */
const winter = announced('2026-01-10T09:00:00Z', 60);

describe('BUG-06: the clock of a terminal', () => {
  it('shows its zone until its first sign-on, and from then on what was announced', () => {
    const zone = shownBy(timeZone, [winter, announced('2026-04-02T10:00:00Z', 120)]);
    const offsetAt = (instant: string) => zone.offsetAt(Date.parse(instant) / 1000) / 60;
    expect(offsetAt('2025-07-01T00:00:00Z')).toBe(120);
    expect(offsetAt('2026-03-29T12:00:00Z')).toBe(60);
    expect(offsetAt('2026-04-02T09:59:59Z')).toBe(60);
    expect(offsetAt('2026-04-02T10:00:00Z')).toBe(120);
  });

  it.each([
    ['an hour and a half before the change', '2026-03-28T23:30:00Z', winter, undefined, false],
    ['in the hour before the change', '2026-03-29T00:10:00Z', winter, undefined, true],
    [
      'once it has signed on in that hour',
      '2026-03-29T00:40:00Z',
      announced('2026-01-10T09:00:00Z', 60, '2026-03-29T00:11:00Z'),
      undefined,
      false,
    ],
    ['behind the change', '2026-03-29T01:00:01Z', winter, undefined, true],
    ['given the new offset', '2026-03-29T01:01:00Z', announced('2026-03-29T01:00:30Z', 120), undefined, false],
    ['whose clock is in doubt since its sign-on', '2026-02-01T00:00:00Z', winter, '2026-01-31T00:00:00Z', true],
    [
      'that signed on since its clock was in doubt',
      '2026-02-01T00:00:00Z',
      announced('2026-01-31T00:01:00Z', 60),
      '2026-01-31T00:00:00Z',
      false,
    ],
    [
      'of which no sign-on is on record, in the week behind a change',
      '2026-04-03T00:00:00Z',
      undefined,
      undefined,
      true,
    ],
    ['of which no sign-on is on record, later', '2026-06-01T00:00:00Z', undefined, undefined, false],
  ])('%s, at %s: is asked to sign on or not', (_, now, last, doubtedAt, due) => {
    const device = { timeZone, ...(doubtedAt ? { clockDoubtedAt: new Date(doubtedAt) } : {}) };
    expect(isSignOnDue(device, last, new Date(now))).toBe(due);
  });

  it.each([
    [
      'still shows winter time in summer, as it was announced',
      '2026-07-01 11:00:00',
      [winter],
      '2026-07-01T10:00:00.000Z',
    ],
    ['has changed its clock by itself', '2026-07-01 12:00:00', [winter], '2026-07-01T10:00:00.000Z'],
    ['tells what is old', '2026-07-01 08:00:00', [winter], '2026-07-01T07:00:00.000Z'],
    ['has never signed on', '2026-07-01 08:00:00', [], '2026-07-01T06:00:00.000Z'],
  ])('%s', (_, time, offsets, at) => {
    const device = { timeZone, states: {} };
    const when = { now: new Date('2026-07-01T10:00:20Z'), live: true };
    const read = readUpload([`7\t${time}\t0\t1\t0`], device, offsets, when);
    expect(read.lines.map((line) => line.at.toISOString())).toEqual([at]);
  });
});
