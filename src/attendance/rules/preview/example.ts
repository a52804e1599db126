/**
 * The week that the documentation shows: Monday to Friday ten hours under the Californian rules, with a late arrival on
 * Tuesday and no meal period on Thursday. A workweek there begins on Sunday.
 */
export const californiaWeek = {
  timeZone: 'America/Los_Angeles',
  policy: { overtime: { rules: 'US-CA' }, meals: 'US-CA', lateGraceMinutes: 5 },
  shifts: [1, 2, 3, 4, 5].map((dayOfWeek) => ({ dayOfWeek, startTime: '06:00', endTime: '16:30', breakMinutes: 0 })),
  punches: ['02', '03', '04', '05', '06'].flatMap((day) => [
    { type: 'in', timestamp: `2026-03-${day}T${day === '03' ? '06:20' : '06:00'}:00-08:00` },
    ...(day === '05'
      ? []
      : [
          { type: 'break_start', timestamp: `2026-03-${day}T10:30:00-08:00` },
          { type: 'break_end', timestamp: `2026-03-${day}T11:00:00-08:00` },
        ]),
    { type: 'out', timestamp: `2026-03-${day}T16:30:00-08:00` },
  ]),
  from: '2026-03-01',
  to: '2026-03-07',
};
