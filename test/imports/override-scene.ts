import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import { Days } from '../days/scene';
import type { Reply } from '../support/client';
import type { TestServer } from '../support/server';
import { sharedServer } from '../support/shared-server';
import type { Tenant } from '../support/world';
import { importBase as base } from './scene';

export type Body = Record<string, unknown>;

export const none = { create: 0, update: 0, skip: 0, conflict: 0, reject: 0, quarantine: 0 };
export const punches = (...rows: string[]) => ({
  csvText: ['employeeNumber,type,timestamp', ...rows, ''].join('\n'),
  kind: 'punches',
});
export const days = (...rows: string[]) => ({
  csvText: ['employeeNumber,date,in,breakStart,breakEnd,out', ...rows, ''].join('\n'),
  kind: 'days',
  timeZone: 'UTC',
  mapping: {
    fields: {
      employee: 'employeeNumber',
      date: 'date',
      in: 'in',
      breakStart: 'breakStart',
      breakEnd: 'breakEnd',
      out: 'out',
    },
  },
});
export const overriding = (body: Body) => ({ ...body, mode: 'override' });

/** A tenant in UTC whose employee has the number 0001, and what stands there after imports. */
export class OverrideScene {
  server!: TestServer;
  acme!: Tenant;

  /** For the tests of a file: one server, and before each of them a tenant of its own. */
  static forEachTest(): OverrideScene {
    const scene = new OverrideScene();
    beforeAll(async () => {
      scene.server = await sharedServer({ BODY_LIMIT_BYTES: '2000000' });
    });
    afterAll(() => scene.server.close());
    beforeEach(async () => {
      const { world, database } = scene.server;
      scene.acme = await world.tenant();
      await database.sql(`UPDATE users SET employee_number = '0001' WHERE tenant_id = $1 AND id = $2`, [
        scene.acme.id,
        scene.acme.employee.id,
      ]);
      await database.sql(`UPDATE tenants SET time_zone = 'UTC' WHERE id = $1`, [scene.acme.id]);
    });
    return scene;
  }

  readonly preview = (body: Body) => this.acme.admin.api.post(`${base}/preview`, body);
  readonly work = () => this.server.app.get(ImportWorker, { strict: false }).drain();
  readonly rollback = (id: string) => this.acme.admin.api.post(`${base}/rollback/${id}`);

  /** Previews and commits; what was previewed is what is done. */
  readonly imported = async (body: Body): Promise<{ id: string; counts: Record<string, number>; looked: Reply }> => {
    const looked = await this.preview(body);
    expect(looked.status).toBe(200);
    const { commitToken } = looked.body as { commitToken: string };
    const done = await this.acme.admin.api.post(`${base}/commit`, { ...body, commitToken });
    expect([done.status, done.body.status]).toEqual([200, 'completed']);
    expect(done.body.counts).toEqual(looked.body.counts);
    return { id: done.body.batchId as string, counts: done.body.counts as Record<string, number>, looked };
  };

  readonly active = async () => {
    const rows = await this.server.database.sql<{ told: string }>(
      `SELECT type || ' ' || to_char(occurred_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS told FROM punches
       WHERE tenant_id = $1 AND status = 'active' ORDER BY occurred_at, type_rank`,
      [this.acme.id],
    );
    return rows.map(({ told }) => told);
  };

  /** All that counts, but for versions; with what was computed of it. */
  readonly state = async () => [
    await this.server.database.sql(
      `SELECT to_jsonb(p) - 'version' AS punch FROM punches p WHERE tenant_id = $1 AND status <> 'void' ORDER BY id`,
      [this.acme.id],
    ),
    await new Days(this.server, this.acme).records(),
  ];

  readonly idOf = async (type: string, at: string) => {
    const [row] = await this.server.database.sql<{ id: string }>(
      `SELECT id FROM punches WHERE tenant_id = $1 AND status = 'active' AND type = $2 AND occurred_at = $3`,
      [this.acme.id, type, at],
    );
    return row?.id ?? '';
  };

  readonly closeMarch = async (): Promise<void> => {
    await new Days(this.server, this.acme).compute();
    const { api } = this.acme.admin;
    const period = await api.post('/api/pay-periods', { type: 'monthly', date: '2026-03-01' });
    const reply = await api.post(`/api/pay-periods/${period.body.id as string}/close`, {
      acceptOpenExceptions: true,
      reason: 'All looked at',
    });
    expect(reply.status).toBeLessThan(300);
  };
}
