import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import type { Person } from '../support/world';
import { daysAgo, YEAR } from './dates';
import { line, registered, type Registered } from './terminal';

const { server, tenant: acme } = tenantForFile({}, startServer);

let numbers = 7000;
/** Somebody with a PIN, and a terminal in Berlin that knows them. */
async function scene(body: Record<string, unknown> = {}): Promise<{ person: Person; pin: string; device: Registered }> {
  const pin = String(++numbers);
  const person = await acme.person({});
  await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [person.id, pin]);
  return { person, pin, device: await registered(server.stranger, acme, body) };
}

/** What a clock in Berlin shows so many minutes before now. */
const berlin = (minutesAgo: number) =>
  new Date(Date.now() - minutesAgo * 60_000).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' });
/** Noon of so many days ago: no hour that a change of the clock concerns, and none at which clocks begin. */
const noon = (days: number) => `${daysAgo(days)} 12:00:00`;

const punches = async (person: Person) => {
  const { body } = await acme.admin.api.get('/api/punches', { query: { employeeId: person.id, limit: 50 } });
  return (body as { data: { occurredAt: string }[] }).data;
};
const rejects = async ({ id }: Registered) => {
  const { body } = await acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id } });
  return (body as { data: { id: string; reason: string; detail: string }[] }).data;
};
const reasons = async (device: Registered) => (await rejects(device)).map(({ reason }) => reason);
const retry = async ({ id }: Registered, query = {}) =>
  (await acme.admin.api.post(`/api/devices/${id}/rejects/retry`, undefined, { query })).body as unknown;
const read = async ({ id }: Registered) =>
  (await acme.admin.api.get(`/api/devices/${id}`)).body as { clockDoubtedAt?: string; skewMs?: number };

/** A default date of clocks that is not even two years old. */
const LAST_NEW_YEAR = `${new Date().getUTCFullYear() - 1}-01-01 00:07:12`;

describe('BUG-10: a clock that a power cut has set back', () => {
  it.each(['2000-01-01 00:07:12', '1970-01-01 01:00:05', '2010-01-01 00:00:00', '2021-06-01 12:00:00', LAST_NEW_YEAR])(
    'to %s makes no punch: the line is held, and the terminal hears OK',
    async (time) => {
      const { person, pin, device } = await scene();
      expect((await device.terminal.tell([line(pin, time)])).text).toBe('OK: 1');
      expect(await punches(person)).toEqual([]);
      expect(await rejects(device)).toMatchObject([{ reason: 'clock_reset' }]);
    },
  );

  it.each([
    ['2021-01-01 00:07:12', '2021-01-01 00:07:40'],
    [LAST_NEW_YEAR, LAST_NEW_YEAR.replace(':12', ':40')],
  ])(
    'makes no punches of several lines in one upload, of a terminal that told a punch before (%s)',
    async (...times) => {
      const { person, pin, device } = await scene();
      await device.terminal.tell([line(pin, berlin(0))]);
      expect((await device.terminal.tell(times.map((time) => line(pin, time)))).text).toBe('OK: 2');
      expect(await punches(person)).toHaveLength(1);
      expect(await reasons(device)).toEqual(['clock_reset', 'clock_reset']);
      expect(await retry(device, { clock: 'trusted' })).toEqual({ recorded: 2, duplicate: 0, rejected: 0 });
    },
  );

  it('to a time that could be a backlog is found out by the punches that it told before', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.tell([line(pin, berlin(0))]);
    const [first, again] = [201, 200].map((days) => line(pin, noon(days)));
    expect((await device.terminal.tell([String(again)])).text).toBe('OK: 1');
    expect(await punches(person)).toHaveLength(1);
    expect(await reasons(device)).toEqual(['clock_set_back']);
    // So it is in company, of what was sent before and of what was not.
    expect((await device.terminal.tell([String(first), String(again)])).text).toBe('OK: 2');
    expect(await punches(person)).toHaveLength(1);
    expect(await reasons(device)).toEqual(['clock_set_back', 'clock_set_back']);
  });

  it('leaves a backlog of weeks what it is, of a terminal that comes back after an outage as well', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.tell([line(pin, berlin(0))]);
    await server.database.sql(
      `UPDATE devices SET live_at = now() - interval '30 days', contact_since = now() - interval '40 days',
         last_seen_at = now() - interval '30 days' WHERE id = $1`,
      [device.id],
    );
    await device.terminal.tell([21, 14, 7].map((days) => line(pin, noon(days))));
    expect(await punches(person)).toHaveLength(4);
    expect(await reasons(device)).toEqual([]);
  });

  it('leaves a backlog of weeks what it is, up to the punch of this minute', async () => {
    const { person, pin, device } = await scene();
    const weeks = [21, 14, 7].map((days) => line(pin, noon(days)));
    await device.terminal.tell([...weeks, line(pin, berlin(0), 1)]);
    expect(await punches(person)).toHaveLength(4);
    expect(await reasons(device)).toEqual([]);
  });
});

describe('BUG-06: a terminal that shows the time of the other offset', () => {
  it('an hour behind makes no punch an hour early', async () => {
    const { person, pin, device } = await scene();
    expect((await device.terminal.tell([line(pin, berlin(60))])).text).toBe('OK: 1');
    expect(await punches(person)).toEqual([]);
    expect(await reasons(device)).toEqual(['clock_behind']);
    const { clockDoubtedAt, skewMs } = await read(device);
    expect(clockDoubtedAt).toEqual(expect.any(String));
    expect(skewMs).toBeGreaterThan(3_500_000);
    await device.terminal.tell([line(pin, berlin(0), 1)]);
    expect((await read(device)).clockDoubtedAt).toBeUndefined();
  });

  it.each([
    ['of a terminal without a past', false],
    ['after a punch that it told at once', true],
  ])('an hour behind makes no punches of several lines in one upload, %s', async (_, told) => {
    const { person, pin, device } = await scene();
    if (told) await device.terminal.tell([line(pin, berlin(0))]);
    const lines = [line(pin, berlin(61), 1), line(pin, berlin(60))];
    expect((await device.terminal.tell(lines)).text).toBe('OK: 2');
    expect(await punches(person)).toHaveLength(told ? 1 : 0);
    expect(await reasons(device)).toEqual(['clock_behind', 'clock_behind']);
    expect((await device.terminal.poll()).text).toMatch(/^C:\d+:CHECK$/);
  });

  it('an hour behind is found out where the clock changes for the weeks of Ramadan only', async () => {
    const { person, pin, device } = await scene({ timeZone: 'Africa/Casablanca' });
    const inCasablanca = new Date(Date.now() - 3_600_000).toLocaleString('sv-SE', { timeZone: 'Africa/Casablanca' });
    await device.terminal.tell([line(pin, inCasablanca)]);
    expect(await punches(person)).toEqual([]);
    expect(await reasons(device)).toEqual(['clock_behind']);
  });

  it('an hour ahead makes none of what it stamped earlier either, which lies in the past by the same clock', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.tell([line(pin, berlin(30)), line(pin, berlin(-60), 1)]);
    expect(await punches(person)).toEqual([]);
    expect(await reasons(device)).toEqual(['punch_in_future', 'punch_in_future']);
  });

  it('an hour ahead makes none either, not even when it is tried again once that hour is over', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.tell([line(pin, berlin(-60))]);
    expect(await reasons(device)).toEqual(['punch_in_future']);
    expect(await retry(device)).toEqual({ recorded: 0, duplicate: 0, rejected: 0 });
    expect(await punches(person)).toEqual([]);
  });

  it('is read by the offset that it was told when it stamped the line', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.signOn();
    await server.database.sql(
      `INSERT INTO device_offsets (tenant_id, device_id, told_at, offset_minutes)
       VALUES ($1, $2, $3, 60), ($1, $2, $4, 120)`,
      [acme.id, device.id, `${YEAR}-01-10T09:00:00Z`, `${YEAR}-04-02T10:00:00Z`],
    );
    const times = [
      `${YEAR - 1}-07-01 08:00:00`,
      `${YEAR}-04-01 08:00:00`,
      `${YEAR}-04-02 10:30:00`,
      `${YEAR}-04-03 08:00:00`,
    ];
    await device.terminal.tell(times.map((time) => line(pin, time)));
    expect((await punches(person)).map(({ occurredAt }) => occurredAt).reverse()).toEqual([
      `${YEAR - 1}-07-01T06:00:00.000Z`,
      `${YEAR}-04-01T07:00:00.000Z`,
      `${YEAR}-04-02T09:30:00.000Z`,
      `${YEAR}-04-03T06:00:00.000Z`,
    ]);
  });

  it('is asked to sign on anew while it was told another offset than its zone has now, and when its clock is in doubt', async () => {
    const { pin, device } = await scene();
    await device.terminal.signOn();
    expect((await device.terminal.poll()).text).toBe('OK');
    await acme.admin.api.patch(`/api/devices/${device.id}`, { timeZone: 'Asia/Tokyo' });
    expect((await device.terminal.poll()).text).toMatch(/^C:\d+:CHECK$/);
    expect((await device.terminal.signOn()).text).toContain('TimeZone=9\r\n');
    expect((await device.terminal.poll()).text).toBe('OK');
    await device.terminal.tell([line(pin, '2000-01-01 00:07:12')]);
    expect((await device.terminal.poll()).text).toMatch(/^C:\d+:CHECK$/);
    await device.terminal.signOn();
    expect((await device.terminal.poll()).text).toBe('OK');
    expect(await server.database.count('device_offsets', 'device_id = $1', [device.id])).toBe(2);
  });

  it('three hours behind is found out once it has been connected for longer than that', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.tell([line(pin, berlin(0))]);
    await server.database.sql(
      `UPDATE devices SET live_at = now() - interval '5 hours', contact_since = now() - interval '1 day' WHERE id = $1`,
      [device.id],
    );
    await device.terminal.tell([line(pin, berlin(180), 1)]);
    expect(await punches(person)).toHaveLength(1);
    expect(await reasons(device)).toEqual(['clock_behind']);
  });

  it('after an outage of hours, what happened in it is a backlog and counts', async () => {
    const { person, pin, device } = await scene();
    await device.terminal.tell([line(pin, berlin(0))]);
    await server.database.sql(
      `UPDATE devices SET live_at = now() - interval '5 hours', contact_since = now() - interval '1 day',
         last_seen_at = now() - interval '5 hours' WHERE id = $1`,
      [device.id],
    );
    await device.terminal.tell([line(pin, berlin(180), 1)]);
    await device.terminal.tell([line(pin, berlin(150))]);
    expect(await punches(person)).toHaveLength(3);
    expect(await reasons(device)).toEqual([]);
  });
});

it('what was held because of the clock counts once somebody says that the clock was right', async () => {
  const { person, pin, device } = await scene();
  await device.terminal.tell([line(pin, berlin(60))]);
  expect(await retry(device)).toEqual({ recorded: 0, duplicate: 0, rejected: 0 });
  expect(await retry(device, { clock: 'trusted' })).toEqual({ recorded: 1, duplicate: 0, rejected: 0 });
  expect(await punches(person)).toHaveLength(1);
  expect(await rejects(device)).toEqual([]);
});
