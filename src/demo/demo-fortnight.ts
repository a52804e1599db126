import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DayClock } from '../attendance/days/day-clock';
import { DayWorker } from '../attendance/days/day-worker';
import { formatDate, weekdayOf, weekStartOf, type DayNumber } from '../attendance/rules/time/calendar';
import { zoneNamed, type Zone } from '../attendance/rules/time/zone';
import { DemoClient, type DemoPersonRow } from './demo-client';
import { DemoService } from './demo.service';
import { demoTenants } from './demo-people';
import {
  type Crew,
  crews,
  lastClockChange,
  punchesOf,
  randomFrom,
  scheduleFor,
  shiftOn,
  type PlannedPunch,
} from './fortnight-plan';

type Tenant = (typeof demoTenants)[number] & { readonly id: string };

const policies: Record<Tenant['slug'], Record<string, unknown>> = {
  acme: {
    overtime: { weekly: [{ afterMinutes: 2400, rate: 1.25 }] },
    premiums: [{ name: 'night work', window: '23:00-06:00', rate: 1.25 }],
    minDailyRestMinutes: 660,
    breakRequiredOverMinutes: 360,
  },
  globex: { overtime: { rules: 'US-CA' }, meals: 'US-CA' },
};

/**
 * The last two to three weeks of the demo tenants: plans, punches with everything that goes wrong at a clock, a night over the
 * last change of summer time, leave, a request, and a pay period that is closed. Made once; told through the API.
 */
@Injectable()
export class DemoFortnight {
  private readonly log = new Logger('Demo');

  constructor(
    private readonly client: DemoClient,
    private readonly demo: DemoService,
    private readonly worker: DayWorker,
    private readonly clock: DayClock,
  ) {}

  /** Never throws: a demo that could not be made is no reason not to serve. */
  async create(now = new Date()): Promise<void> {
    try {
      for (const tenant of await this.demo.tenants()) {
        if (await this.client.hasPlans(tenant.id)) continue;
        // Days of half a story would look like absences.
        await this.worker.pauseDuring(() => this.tell(tenant, Math.floor(now.getTime() / 1000)));
      }
    } catch (error) {
      this.log.warn(`The demo fortnight is not complete: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async tell(tenant: Tenant, now: number): Promise<void> {
    const zone = zoneNamed(tenant.timeZone);
    const today = zone.dayOf(now);
    const from = weekStartOf(today - 13, 1);
    const people = await this.client.people(tenant.id);
    const [admin, approver, emma, ...crew] = people;
    if (!admin || !approver || !emma) return;
    const say = this.teller(tenant, admin);
    await say('POST', '/api/attendance/policies', {
      name: tenant.slug === 'globex' ? 'California' : 'Forty hours and night work',
      effectiveFrom: formatDate(from - 60),
      settings: policies[tenant.slug],
    });
    const random = randomFrom(tenant.slug.length * 7919);
    const told: PlannedPunch[] = [];
    for (const [number, members] of crewsOf([emma, ...crew.slice(0, -1)]).entries()) {
      const plan = crews[number];
      if (!plan) continue;
      const ids = members.map(({ id }) => id);
      await say('POST', '/api/schedules/batch', { employeeIds: ids, ...scheduleFor(plan, from), publish: true });
      for (const { id } of members)
        told.push(...this.punches(id, id === emma.id, plan, { from, today, now }, zone, random));
    }
    const night = crew.at(-1);
    if (night) told.push(...(await this.clockChange(night, today, zone, say)));
    await this.punch(told, say);
    await this.settle();
    const period = await say('POST', '/api/pay-periods', { type: 'weekly', date: formatDate(from) });
    await this.close(String(period['id']), say);
    await this.teller(tenant, emma)('POST', '/api/corrections', {
      kind: 'missing_punch',
      type: 'out',
      timestamp: new Date((zone.dayStart(lastWorkday(today - 2)) + 17.5 * 3600) * 1000).toISOString(),
      reason: 'The terminal was out of order when I left',
    });
    await this.settle();
  }

  /** Emma forgot to punch out once, and is not in today: whoever tries the API out punches as her. */
  private punches(
    employeeId: string,
    isEmma: boolean,
    crew: Crew,
    { from, today, now }: { from: DayNumber; today: DayNumber; now: number },
    zone: Zone,
    random: () => number,
  ): PlannedPunch[] {
    const to = isEmma ? lastWorkday(today - 2) : today;
    const all = punchesOf(employeeId, crew, { from, to, until: now - 60 }, zone, random);
    if (!isEmma) return all;
    const forgotten = zone.dayStart(to);
    return all.filter(({ type, timestamp }) => type !== 'out' || Date.parse(timestamp) / 1000 < forgotten);
  }

  /** A night shift in which the clock went forward or back. */
  private async clockChange(who: DemoPersonRow, today: DayNumber, zone: Zone, say: Say): Promise<PlannedPunch[]> {
    const change = lastClockChange(today - 1, zone);
    if (change === undefined) return [];
    const date = formatDate(change - 1);
    await say('POST', '/api/schedules', {
      employeeId: who.id,
      name: 'The night of the clock change',
      startDate: date,
      endDate: date,
      shifts: [{ date, startTime: '22:00', endTime: '06:00' }],
      publish: true,
    });
    return shiftOn('22:00-06:00', change - 1, zone, 'usual', () => 0.5).map(([type, at]) => {
      return { employeeId: who.id, type, timestamp: new Date(at * 1000).toISOString(), deviceId: 'gate-1' };
    });
  }

  private async punch(told: PlannedPunch[], say: Say): Promise<void> {
    told.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
    for (let index = 0; index < told.length; index += 500) {
      await say('POST', '/api/punches/batch', { punches: told.slice(index, index + 500) });
    }
  }

  private async settle(): Promise<void> {
    await this.clock.markDue();
    await this.worker.drain();
  }

  /** The worker may still hold the last days: closing waits for them. */
  private async close(id: string, say: Say): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const reply = await say('POST', `/api/pay-periods/${id}/close`, { acceptOpenExceptions: true });
      if (reply['status'] !== 409) return;
      await pause(500);
      await this.settle();
    }
  }

  private teller(tenant: Tenant, person: DemoPersonRow): Say {
    let count = 0;
    return async (method, path, body) => {
      const as = { tenantId: tenant.id, userId: person.id };
      const reply = await this.client.send(
        as,
        method,
        path,
        body,
        `${path} ${count++} ${formatDate(Math.floor(Date.now() / 86_400_000))}`,
      );
      if (reply.status >= 400 && reply.status !== 409) {
        throw new Error(`${method} ${path} answered ${reply.status} ${String(reply.body['detail'])}`);
      }
      return { id: reply.body['id'], status: reply.status };
    };
  }
}

type Say = (method: 'POST' | 'PUT', path: string, body: unknown) => Promise<Record<string, unknown>>;

/** Nearly half of the people in the office, the others early, at night, and one or two at each hour of the desk. */
function crewsOf(people: readonly DemoPersonRow[]): DemoPersonRow[][] {
  const desk = people.slice(22);
  const atDesk = crews.slice(3).map((_, hour, all) => desk.filter((_person, index) => index % all.length === hour));
  return [people.slice(0, 14), people.slice(14, 19), people.slice(19, 22), ...atDesk];
}

function lastWorkday(day: DayNumber): DayNumber {
  let found = day;
  while ([0, 6].includes(weekdayOf(found))) found -= 1;
  return found;
}
