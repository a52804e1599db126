import type { Person } from '../support/world';
import { daysAgo } from './dates';
import { TerminalScene } from './scene';
import { line, type Registered } from './terminal';

const scene = TerminalScene.forFile();
let numbers = 8000;
const noon = (days: number) => `${daysAgo(days)} 12:00:00`;
const now = () => new Date().toISOString().slice(0, 19).replace('T', ' ');

/** Somebody with a PIN, and a terminal that has worked for weeks and then could not call for so many days, until this moment. */
async function returned(days: number): Promise<{ person: Person; pin: string; device: Registered }> {
  const pin = String(++numbers);
  const person = await scene.numbered(pin);
  const device = await scene.registered({ timeZone: 'UTC' });
  await device.terminal.poll();
  await wasAway(device, `${days} days`);
  await device.terminal.poll();
  return { person, pin, device };
}

const wasAway = ({ id }: Registered, time: string) =>
  scene.server.database.sql(
    `UPDATE devices SET last_seen_at = now() - $2::interval, live_at = now() - $2::interval, contact_since = now() - interval '90 days'
     WHERE id = $1`,
    [id, time],
  );

const told = async (person: Person) => (await scene.punchesOf(person)).map(({ occurredAt }) => occurredAt.slice(0, 10));
const reasons = async (device: Registered) => (await scene.rejectsOf(device)).map(({ reason }) => reason);

describe('a backlog of an outage', () => {
  it.each([
    ['line by line, the oldest first', [[4], [3], [2]]],
    ['line by line, the newest first', [[2], [3], [4]]],
    ['in one upload', [[4, 3, 2]]],
    ['in one upload, the newest first', [[2, 3, 4]]],
    ['in several uploads, in no order', [[3, 2], [4], [3, 4, 2]]],
  ])('counts behind a punch of now as well, sent %s', async (_, uploads) => {
    const { person, pin, device } = await returned(5);
    await device.terminal.tell([line(pin, now())]);
    for (const days of uploads) await device.terminal.tell(days.map((each) => line(pin, noon(each), 1)));
    expect(await told(person)).toEqual([4, 3, 2, 0].map(daysAgo));
    expect(await scene.rejectsOf(device)).toEqual([]);
  });

  it('counts behind a punch of now in one upload', async () => {
    const { person, pin, device } = await returned(5);
    await device.terminal.tell([line(pin, now()), line(pin, noon(4), 1), line(pin, noon(3), 1)]);
    expect(await told(person)).toEqual([4, 3, 0].map(daysAgo));
    expect(await scene.rejectsOf(device)).toEqual([]);
  });

  it('counts although the network comes and goes before it has been sent', async () => {
    const { person, pin, device } = await returned(5);
    await device.terminal.tell([line(pin, now())]);
    await wasAway(device, '30 minutes');
    await device.terminal.poll();
    await device.terminal.tell([line(pin, now(), 1)]);
    await device.terminal.tell([line(pin, noon(3), 1)]);
    expect(await told(person)).toContain(daysAgo(3));
    const { body } = await scene.acme.admin.api.get(`/api/devices/${device.id}`);
    const { from, until } = (body as { away: { from: string; until: string } }).away;
    expect(Date.parse(until) - Date.parse(from)).toBeGreaterThan(4 * 86_400_000);
  });

  it('is not what lies before everything that the terminal had told: its clock was set back', async () => {
    const { person, pin, device } = await returned(5);
    await device.terminal.tell([line(pin, now())]);
    await device.terminal.tell([line(pin, noon(30))]);
    await device.terminal.tell([line(pin, noon(40)), line(pin, noon(39), 1)]);
    expect(await told(person)).toEqual([daysAgo(0)]);
    expect(await reasons(device)).toEqual(['clock_set_back', 'clock_set_back', 'clock_set_back']);
  });

  it('is not the first of January of some year, whether the terminal was away or sends the newest first', async () => {
    const { person, pin, device } = await returned(5);
    await device.terminal.tell([now(), noon(2), noon(3), '2000-01-01 00:07:12'].map((time) => line(pin, time)));
    expect(await told(person)).toEqual([3, 2, 0].map(daysAgo));
    expect(await reasons(device)).toEqual(['clock_reset']);
  });
});

describe('an upload of a new terminal', () => {
  it('may begin with the punch of now and go back in time', async () => {
    const pin = String(++numbers);
    const person = await scene.numbered(pin);
    const device = await scene.registered({ timeZone: 'UTC' });
    await device.terminal.tell([now(), noon(10), noon(20), noon(30)].map((time) => line(pin, time)));
    await device.terminal.tell([noon(40), noon(50), noon(60)].map((time) => line(pin, time)));
    expect(await told(person)).toEqual([60, 50, 40, 30, 20, 10, 0].map(daysAgo));
    expect(await scene.rejectsOf(device)).toEqual([]);
  });

  it('that goes back once and on from there is of a clock that was set back', async () => {
    const pin = String(++numbers);
    const person = await scene.numbered(pin);
    const device = await scene.registered({ timeZone: 'UTC' });
    await device.terminal.tell([now(), noon(10), noon(9)].map((time) => line(pin, time)));
    expect(await told(person)).toEqual([daysAgo(0)]);
    expect(await reasons(device)).toEqual(['clock_set_back', 'clock_set_back']);
  });
});
