import type { Reply } from '../support/client';
import type { TestServer } from '../support/server';
import { sharedServer } from '../support/shared-server';
import type { Person, Tenant } from '../support/world';
import { berlin, Days } from '../days/scene';

const path = '/api/corrections';

/** A tenant in Berlin in which somebody asks for corrections and somebody else decides. */
export class Corrections {
  private constructor(
    readonly server: TestServer,
    readonly tenant: Tenant,
    readonly days: Days,
  ) {}

  static start = () => sharedServer();

  static async in(server: TestServer): Promise<Corrections> {
    const tenant = await server.world.tenant();
    await server.database.sql(`UPDATE tenants SET time_zone = $2 WHERE id = $1`, [tenant.id, berlin]);
    await server.database.sql(`DELETE FROM time_zone_history WHERE tenant_id = $1`, [tenant.id]);
    return new Corrections(server, tenant, new Days(server, tenant));
  }

  /** The employee's punches of a working day, 09:20 to 17:00 by the clock of Berlin. */
  async worked(date = '2026-03-02', who: Person = this.tenant.employee): Promise<[string, string]> {
    const [arrived = '', left = ''] = await this.days.punch(who, berlin, `in ${date}T09:20`, `out ${date}T17:00`);
    return [arrived, left];
  }

  ask(body: Record<string, unknown>, by: Person = this.tenant.employee, key?: string): Promise<Reply> {
    const options = key === undefined ? {} : { key };
    return by.api.post(path, { reason: 'I queued at the gate', ...body }, options);
  }

  /** Asks, and answers the id of what was asked for. */
  async asked(body: Record<string, unknown>, by?: Person): Promise<string> {
    const reply = await this.ask(body, by);
    if (reply.status !== 201) throw new Error(reply.text);
    return (reply.body as { id: string }).id;
  }

  get(id: string, by: Person = this.tenant.admin): Promise<Reply> {
    return by.api.get(`${path}/${id}`);
  }

  async list(by: Person, query: Record<string, string | number> = {}): Promise<string[]> {
    return ((await by.api.get(path, { query })).body.data as { id: string }[]).map(({ id }) => id);
  }

  decide(
    id: string,
    status: 'approved' | 'rejected',
    by: Person = this.tenant.approver,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const body = status === 'approved' ? { status } : { status, notes: 'The door log says otherwise' };
    return by.api.put(`${path}/${id}/decide`, body, { headers });
  }

  cancel(id: string, by: Person = this.tenant.employee, headers: Record<string, string> = {}): Promise<Reply> {
    return by.api.delete(`${path}/${id}`, undefined, { headers });
  }

  async punch(id: string): Promise<Record<string, unknown>> {
    return (await this.tenant.admin.api.get(`/api/punches/${id}`)).body as Record<string, unknown>;
  }

  /** The punches of the employee that count, in order of time. */
  active(): Promise<{ type: string; at: Date }[]> {
    return this.server.database.sql(
      `SELECT type, occurred_at AS at FROM punches WHERE employee_id = $1 AND status = 'active' ORDER BY occurred_at, type_rank`,
      [this.tenant.employee.id],
    );
  }

  async closeMarch(): Promise<void> {
    const march = { startDate: '2026-03-01', endDate: '2026-03-31' };
    const { id } = (await this.tenant.admin.api.post('/api/pay-periods', march)).body as { id: string };
    const closed = await this.tenant.admin.api.post(`/api/pay-periods/${id}/close`, { acceptOpenExceptions: true });
    if (closed.status !== 200) throw new Error(closed.text);
  }

  /** Everything that a request left in the ledger. */
  entries(reply: Reply) {
    return this.server.database.sql(
      `SELECT entity, action, entity_id, employee_id, punch_id, user_id, changes FROM audit_logs WHERE request_id = $1 ORDER BY id`,
      [reply.headers.get('x-request-id')],
    );
  }
}

/** What employees ask for on 2026-03-02, a day that they worked. */
export const missing = { kind: 'missing_punch', type: 'out', timestamp: '2026-03-02T16:30:00.000Z' };
export const earlier = (punchId: string) => ({
  kind: 'changed_time',
  punchId,
  timestamp: '2026-03-02T08:59:00+01:00',
});

export const codeOf = ({ status, body }: Reply): [number, string | undefined] => [
  status,
  (body as { code?: string } | undefined)?.code,
];
export const pointersOf = ({ body }: Reply): string[] =>
  ((body as { errors?: { pointer: string }[] }).errors ?? []).map(({ pointer }) => pointer);
