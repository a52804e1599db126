import { type Reply, type Client } from '../support/client';
import { tenantForFile, whileRunning } from '../support/scene';
import type { TestServer } from '../support/server';
import type { Person } from '../support/world';

export interface Instance {
  readonly shiftId: string;
  readonly scheduleId: string;
  readonly date: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly localStart: string;
  readonly localEnd: string;
  readonly segments: readonly { startsAt: string; endsAt: string }[];
  readonly review?: string;
}

type Body = Record<string, unknown>;
export const id = (reply: Reply) => (reply.body as { id: string }).id;
export const outcome = (reply: Reply) => [reply.status, (reply.body as { code?: string }).code];

/** What a planner does, in one line each. */
export class Planner {
  constructor(
    readonly api: Client,
    private readonly server: TestServer,
  ) {}

  schedule(person: Person, startDate: string, more: Body = {}): Promise<Reply> {
    return this.api.post('/api/schedules', { employeeId: person.id, name: 'Plan', startDate, ...more });
  }

  shift(scheduleId: string, more: Body): Promise<Reply> {
    return this.api.post(`/api/schedules/${scheduleId}/shifts`, more);
  }

  publish(scheduleId: string, body: Body = {}): Promise<Reply> {
    return this.api.post(`/api/schedules/${scheduleId}/publish`, body);
  }

  /** A schedule with its shifts, published or refused in one call. */
  published(person: Person, startDate: string, endDate: string | undefined, ...shifts: Body[]): Promise<Reply> {
    return this.schedule(person, startDate, { ...(endDate ? { endDate } : {}), shifts, publish: true });
  }

  async instances(person: Person, from: string, to = from): Promise<Instance[]> {
    const query = { from, to, employeeId: person.id, limit: 200 };
    return ((await this.api.get('/api/shift-instances', { query })).body as { data: Instance[] }).data;
  }

  async livesIn(person: Person, zone: string): Promise<void> {
    await this.server.database.sql('UPDATE users SET time_zone = $2 WHERE id = $1', [person.id, zone]);
    // As if it had always been so.
    await this.server.database.sql('DELETE FROM time_zone_history WHERE employee_id = $1', [person.id]);
  }
}

/** For the tests of a file: a tenant whose administrator plans. */
export function planning() {
  const { server, tenant: acme } = tenantForFile();
  let current: Planner | undefined;
  beforeAll(() => {
    current = new Planner(acme.admin.api, server);
  });
  const planner = whileRunning(() => current);
  const someone = () => acme.person({});
  /** When the shifts of these dates start and end. */
  const times = async (person: Person, from: string, to = from) =>
    (await planner.instances(person, from, to)).map(({ startsAt, endsAt }) => [startsAt, endsAt]);
  return { server, acme, planner, someone, times };
}

export const date = (days: number, from = Date.now()) => new Date(from + days * 86_400_000).toISOString().slice(0, 10);
/** The first date from `days` on that is this weekday. */
export function next(dayOfWeek: number, days = 1): string {
  for (let at = days; ; at++) if (new Date(`${date(at)}T00:00:00Z`).getUTCDay() === dayOfWeek) return date(at);
}
export const onDate = (on: string, hours: string, more: Body = {}): Body => {
  const [startTime, endTime] = hours.split('-');
  return { date: on, startTime, endTime, ...more };
};
export const weekly = (dayOfWeek: number, hours: string, more: Body = {}): Body => {
  const [startTime, endTime] = hours.split('-');
  return { dayOfWeek, startTime, endTime, ...more };
};
