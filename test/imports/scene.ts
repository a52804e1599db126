import { Days } from '../days/scene';
import type { Reply } from '../support/client';
import type { TestServer } from '../support/server';
import { sharedServer } from '../support/shared-server';
import type { Tenant } from '../support/world';

export const importBase = '/api/attendance/import';
type Body = Record<string, unknown>;

/** A tenant whose employee has a number, and whose administrator imports files in the time of Berlin. */
export class ImportScene {
  server!: TestServer;
  acme!: Tenant;
  private days!: Days;

  /** For the tests of a file: one server, and before each of them a tenant of its own. */
  static forEachTest(employeeNumber: string): ImportScene {
    const scene = new ImportScene();
    beforeAll(async () => {
      scene.server = await sharedServer();
    });
    afterAll(() => scene.server.close());
    beforeEach(() => scene.open(employeeNumber));
    return scene;
  }

  private async open(employeeNumber: string): Promise<void> {
    this.acme = await this.server.world.tenant();
    this.days = new Days(this.server, this.acme);
    await this.renumber(employeeNumber);
  }

  async renumber(employeeNumber: string): Promise<void> {
    const values = [this.acme.id, this.acme.employee.id, employeeNumber];
    await this.server.database.sql('UPDATE users SET employee_number = $3 WHERE tenant_id = $1 AND id = $2', values);
  }

  preview(body: Body): Promise<Reply> {
    return this.acme.admin.api.post(`${importBase}/preview`, { timeZone: 'Europe/Berlin', ...body });
  }

  commit(body: Body, looked: Reply): Promise<Reply> {
    const { commitToken } = looked.body as { commitToken: string };
    return this.acme.admin.api.post(`${importBase}/commit`, { timeZone: 'Europe/Berlin', ...body, commitToken });
  }

  /** Previews and commits a file of which no row may be wrong; what both count is the same. */
  async imported(body: Body): Promise<{ id: string; counts: Record<string, number> }> {
    const looked = await this.preview(body);
    expect([looked.status, looked.body.errors]).toEqual([200, []]);
    const done = await this.commit(body, looked);
    expect([done.status, done.body.counts]).toEqual([200, looked.body.counts]);
    return { id: done.body.batchId as string, counts: done.body.counts as Record<string, number> };
  }

  /** Uploads a file and answers its id. */
  async uploaded(content: Buffer): Promise<string> {
    const { url, token = '' } = this.acme.admin.api;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
    const sent = await fetch(`${url}${importBase}/upload`, { method: 'POST', headers, body: new Uint8Array(content) });
    expect(sent.status).toBe(201);
    return ((await sent.json()) as { fileId: string }).fileId;
  }

  /** What the employee is paid for a date, after the days are computed. */
  async paid(date: string): Promise<{ payableMinutes: number; breakMinutes: number }> {
    await this.days.compute();
    const { body } = await this.days.day(this.acme.employee, date);
    return { payableMinutes: body.payableMinutes as number, breakMinutes: body.breakMinutes as number };
  }
}
