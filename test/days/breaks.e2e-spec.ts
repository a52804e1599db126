import { Planner, onDate } from '../schedules/scene';
import { startServer } from '../support/server';
import type { Person } from '../support/world';
import { YEAR } from '../terminals/dates';
import { line, registered } from '../terminals/terminal';
import { berlin, daysInBerlin } from './scene';

const date = `${YEAR}-03-02`;

const { server, acme, days } = daysInBerlin({}, startServer);
let who: Person;

beforeEach(async () => {
  who = acme.employee;
  await server.database.sql(`UPDATE users SET employee_number = '0077' WHERE tenant_id = $1 AND id = $2`, [
    acme.id,
    who.id,
  ]);
});

/** A shift on the date, as a planner publishes it. */
async function planned(hours: string, breakMinutes: number): Promise<void> {
  const planner = new Planner(acme.admin.api, server);
  const reply = await planner.published(who, date, date, onDate(date, hours, { breakMinutes }));
  expect(reply.status).toBe(201);
}

async function paid(): Promise<{ payableMinutes: number; breakMinutes: number; explanation: string[] }> {
  await days.compute();
  const { status, body } = await days.day(who, date);
  expect(status).toBe(200);
  return body as Awaited<ReturnType<typeof paid>>;
}

/** Lines of a terminal: the times with the state that its key says. */
async function pressed(...keys: readonly (readonly [string, number])[]): Promise<void> {
  const { terminal } = await registered(server.stranger, acme);
  const told = await terminal.tell(keys.map(([time, state]) => line('77', `${date} ${time}:00`, state)));
  expect(told.text).toBe(`OK: ${keys.length}`);
}

async function imported(csvText: string): Promise<void> {
  const body = { csvText, timeZone: berlin };
  const looked = await acme.admin.api.post('/api/attendance/import/preview', body);
  expect(looked.body.counts).toMatchObject({ reject: 0, quarantine: 0 });
  const commitToken = looked.body.commitToken as string;
  expect((await acme.admin.api.post('/api/attendance/import/commit', { ...body, commitToken })).status).toBe(200);
}

const times = ['08:00', '12:00', '13:00', '17:00'] as const;
const file = (...types: string[]) =>
  ['employeeNumber,type,timestamp', ...types.map((type, at) => `0077,${type},${date}T${times[at] ?? ''}:00`), ''].join(
    '\n',
  );
const punched = (...types: string[]) =>
  days.punch(who, berlin, ...types.map((type, at) => `${type} ${date}T${times[at] ?? ''}`));

describe('BUG-01: a planned hour of break, taken', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['at a terminal with out and in', () => pressed(['08:00', 0], ['12:00', 1], ['13:00', 0], ['17:00', 1])],
    ['at a terminal with break keys', () => pressed(['08:00', 0], ['12:00', 2], ['13:00', 3], ['17:00', 1])],
    ['at a terminal without keys', () => pressed(['08:00', 255], ['12:00', 255], ['13:00', 255], ['17:00', 255])],
    ['as punches out and in', () => punched('in', 'out', 'in', 'out')],
    ['as punches of a break', () => punched('in', 'break_start', 'break_end', 'out')],
    ['in an imported file, out and in', () => imported(file('in', 'out', 'in', 'out'))],
    ['in an imported file, as a break', () => imported(file('in', 'break_start', 'break_end', 'out'))],
    [
      'in an imported file of days',
      () => imported(`employeeNumber,date,in,breakStart,breakEnd,out\n0077,${date},08:00,12:00,13:00,17:00\n`),
    ],
  ])('is not deducted again: %s', async (_way, punch) => {
    await planned('08:00-17:00', 60);
    await punch();
    const day = await paid();
    expect(day).toMatchObject({ payableMinutes: 480, breakMinutes: 60, scheduledMinutes: 480 });
    expect(day.explanation).toContain(
      'A break of 1 h is planned; 1 h of unpaid time count as taken: nothing is taken off.',
    );
  });

  it('is deducted where it was not', async () => {
    await planned('08:00-17:00', 60);
    await days.punch(who, berlin, `in ${date}T08:00`, `out ${date}T17:00`);
    const day = await paid();
    expect(day).toMatchObject({ payableMinutes: 480, breakMinutes: 0 });
    expect(day.explanation).toContain(
      'A break of 1 h is planned; 0 min of unpaid time count as taken: 1 h are taken off.',
    );
  });

  it('is not deducted from a day of two hours', async () => {
    await planned('08:00-16:30', 30);
    await days.punch(who, berlin, `in ${date}T08:00`, `out ${date}T10:00`);
    expect(await paid()).toMatchObject({ payableMinutes: 120 });
  });
});

describe('BUG-02: a terminal that cannot tell in from out', () => {
  const settings = { direction: 'alternate', autoBreaks: [{ afterMinutes: 360, minutes: 30 }] };

  it.each([0, 255])('pays the hour as punched, keys %s, with half an hour automatic', async (state) => {
    expect(
      (
        await acme.admin.api.post('/api/attendance/policies', {
          name: 'Turns',
          effectiveFrom: `${YEAR}-01-01`,
          settings,
        })
      ).status,
    ).toBe(201);
    await pressed(...times.map((time) => [time, state] as const));
    expect(await paid()).toMatchObject({ payableMinutes: 480, breakMinutes: 60 });
  });

  it.each([
    ['BUG-02: turns', settings, ['unknown', 'unknown', 'unknown', 'unknown'], times, 480],
    ['BUG-02: declared', { autoBreaks: settings.autoBreaks }, ['in', 'out', 'in', 'out'], times, 480],
    [
      'BUG-14: net',
      { autoBreaks: [...settings.autoBreaks, { afterMinutes: 540, minutes: 45 }] },
      ['in', 'out'],
      ['07:43', '16:44'],
      511,
    ],
    [
      'BUG-14: gross',
      { breakThresholds: 'gross', autoBreaks: [...settings.autoBreaks, { afterMinutes: 540, minutes: 45 }] },
      ['in', 'out'],
      ['07:43', '16:44'],
      496,
    ],
  ])('is answered by the preview as well: %s', async (_what, policy, types, at, minutes) => {
    const reply = await who.api.post('/api/attendance/rules/preview', {
      timeZone: berlin,
      policy,
      punches: types.map((type, index) => ({ type, timestamp: `${date}T${at[index] ?? ''}:00+01:00` })),
      from: date,
      to: date,
    });
    expect(reply.status).toBe(200);
    expect(reply.body.totals).toMatchObject({ payableMinutes: minutes });
  });
});
