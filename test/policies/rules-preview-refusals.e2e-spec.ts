import { autumn, spring, whatIf } from './preview-scene';

const { ask } = whatIf();
const leave = (date: string, startTime: string, endTime: string) => [{ date, startTime, endTime }];

describe('a what-if over HTTP', () => {
  it.each<[string, number, string, string, Record<string, unknown>]>([
    ['an unknown zone', 422, 'time_zone_unknown', '/timeZone', { timeZone: 'Mars/Olympus' }],
    ['an offset in place of a zone', 422, 'time_zone_unknown', '/timeZone', { timeZone: '+01:00' }],
    ['an end before its start', 422, 'end_before_start', '/to', { to: '2026-02-28' }],
    ['a span of 63 days', 422, 'span_too_long', '/to', { to: '2026-05-02' }],
    [
      'leave that ends before it starts',
      422,
      'end_before_start',
      '/leave/0/end',
      { leave: [{ date: '2026-03-02', start: '2026-03-02T18:00:00Z', end: '2026-03-02T17:00:00Z' }] },
    ],
    [
      'local leave that ends before it starts',
      422,
      'end_before_start',
      '/leave/0/endTime',
      { leave: leave('2026-03-02', '12:00', '12:00') },
    ],
    [
      'authorised overtime that ends before it starts',
      422,
      'end_before_start',
      '/authorisedOvertime/1/end',
      {
        authorisedOvertime: [
          { start: '2026-03-02T18:00:00Z', end: '2026-03-02T19:00:00Z' },
          { start: '2026-03-02T18:00:00Z', end: '2026-03-02T18:00:00Z' },
        ],
      },
    ],
    [
      'a shift that begins in the gap',
      422,
      'local_time_nonexistent',
      '/shifts/0/startTime',
      { ...spring, shifts: [{ date: '2026-03-08', startTime: '02:30', endTime: '09:00' }] },
    ],
    [
      'a shift that ends in the gap',
      422,
      'local_time_nonexistent',
      '/shifts/0/endTime',
      { ...spring, shifts: [{ dayOfWeek: 0, startTime: '00:30', endTime: '02:30' }] },
    ],
    [
      'a segment in the gap',
      422,
      'local_time_nonexistent',
      '/shifts/1/segments/1',
      {
        ...spring,
        shifts: [
          { dayOfWeek: 1, segments: ['08:00-12:00'] },
          { dayOfWeek: 0, segments: ['00:10-01:00', '02:10-05:00'] },
        ],
      },
    ],
    [
      'leave in the gap',
      422,
      'local_time_nonexistent',
      '/leave/0/startTime',
      { ...spring, leave: leave('2026-03-08', '02:30', '09:00') },
    ],
    [
      'leave in the repeated hour (DST-17)',
      422,
      'local_time_ambiguous',
      '/leave/0/endTime',
      { ...autumn, leave: leave('2026-11-01', '00:30', '01:30') },
    ],
    [
      'a shift of 40 hours',
      422,
      'shift_too_long',
      '/shifts/0/segments/1',
      { shifts: [{ dayOfWeek: 1, segments: ['08:00-08:00', '08:00-24:00'] }] },
    ],
    [
      'a shift that is too long, though on no date of the span',
      422,
      'shift_too_long',
      '/shifts/0/segments/1',
      { shifts: [{ date: '2027-01-01', segments: ['08:00-20:00', '10:00-23:00'] }] },
    ],
    [
      'overlapping shifts',
      409,
      'shifts_overlap',
      '/shifts/1/startTime',
      {
        shifts: [
          { dayOfWeek: 1, segments: ['08:00-12:00'] },
          { dayOfWeek: 1, startTime: '11:00', endTime: '15:00' },
        ],
      },
    ],
    [
      'a shift inside the second half of a split one',
      409,
      'shifts_overlap',
      '/shifts/2/segments/0',
      {
        shifts: [
          { dayOfWeek: 1, segments: ['08:00-10:00', '16:00-20:00'] },
          { dayOfWeek: 1, segments: ['11:00-12:00'] },
          { dayOfWeek: 1, segments: ['17:00-18:00'] },
        ],
      },
    ],
    [
      'a night shift into the early one',
      409,
      'shifts_overlap',
      '/shifts/0/startTime',
      {
        shifts: [
          { dayOfWeek: 2, startTime: '05:00', endTime: '09:00' },
          { dayOfWeek: 1, startTime: '22:00', endTime: '06:00' },
        ],
      },
    ],
    [
      'a setting that means nothing',
      422,
      'policy_invalid',
      '/policy/postShiftTailMinutes',
      { policy: { postShiftTailMinutes: 400 } },
    ],
    ['an unknown setting', 400, 'validation_failed', '/policy/lateGrace', { policy: { lateGrace: 5 } }],
    [
      'an unknown rule set',
      400,
      'validation_failed',
      '/policy/overtime/rules',
      { policy: { overtime: { rules: 'MARS' } } },
    ],
    [
      'a time that no clock shows',
      400,
      'validation_failed',
      '/shifts/0/endTime',
      { shifts: [{ dayOfWeek: 1, startTime: '08:00', endTime: '25:00' }] },
    ],
    [
      'a segment that no clock shows',
      400,
      'validation_failed',
      '/shifts/0/segments/1',
      { shifts: [{ dayOfWeek: 1, segments: ['08:00-10:00', '11:00-12:77'] }] },
    ],
    ['a date that is none', 400, 'validation_failed', '/from', { from: '2026-02-30' }],
    [
      'a year that the rules do not know',
      400,
      'validation_failed',
      '/holidays/0/date',
      { holidays: [{ date: '0020-01-01', name: 'Old' }] },
    ],
    [
      'a local time in place of an instant',
      400,
      'validation_failed',
      '/punches/0/timestamp',
      { punches: [{ type: 'in', timestamp: '2026-03-02T08:00:00' }] },
    ],
  ])('refuses %s with %i %s at %s', async (_what, status, code, pointer, change) => {
    const reply = await ask(change);
    expect([reply.status, reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
    expect(reply.body.detail).toMatch(/.{20}/);
  });

  it.each([
    ['OVER-01', '22:00-02:00', '21:00-23:00', 409],
    ['OVER-02', '22:00-02:00', '20:00-01:00', 409],
    ['OVER-04', '21:00-23:00', '22:00-03:00', 409],
    ['OVER-05', '20:00-01:00', '15:00-20:00', 200],
    ['OVER-07', '08:00-12:00', '11:00-15:00', 409],
    ['OVER-08', '08:00-12:00', '12:00-16:00', 200],
  ])('%s: half-open, %s and %s answer %i', async (_case, one, other, status) => {
    const shifts = [one, other].map((segment) => ({ date: '2026-03-02', segments: [segment] }));
    expect((await ask({ shifts, punches: [] })).status).toBe(status);
  });
});
