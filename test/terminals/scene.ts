import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { registered, type Registered } from './terminal';

interface TerminalPunch {
  type: string;
  occurredAt: string;
  source: string;
  deviceId: string;
  createdBy: string;
  deviceOffsetMinutes: number;
  flags: string[];
}

/** A tenant with terminals, and what has become of the lines that they sent. */
export class TerminalScene {
  server!: TestServer;
  acme!: Tenant;

  /** For the tests of a file: one server and one tenant. */
  static forFile(): TerminalScene {
    const scene = new TerminalScene();
    beforeAll(async () => {
      scene.server = await startServer();
      scene.acme = await scene.server.world.tenant();
    });
    afterAll(() => scene.server.close());
    return scene;
  }

  registered(body: Record<string, unknown> = {}): Promise<Registered> {
    return registered(this.server.stranger, this.acme, body);
  }

  /** Somebody with this employee number. */
  async numbered(employeeNumber: string): Promise<Person> {
    const person = await this.acme.person({});
    await this.server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [person.id, employeeNumber]);
    return person;
  }

  /** The oldest first. */
  async punchesOf(person: Person): Promise<TerminalPunch[]> {
    const { body } = await this.acme.admin.api.get('/api/punches', { query: { employeeId: person.id, limit: 200 } });
    return (body as { data: TerminalPunch[] }).data.reverse();
  }

  /** `in 2026-03-02T07:58:11.000Z`, the oldest first. */
  async timesOf(person: Person): Promise<string[]> {
    return (await this.punchesOf(person)).map(({ type, occurredAt }) => `${type} ${occurredAt}`);
  }

  /** In the order in which they were kept. */
  async rejectsOf({ id }: Registered): Promise<{ line: string; reason: string }[]> {
    const { body } = await this.acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id, limit: 200 } });
    return (body as { data: { line: string; reason: string }[] }).data
      .map(({ line, reason }) => ({ line, reason }))
      .reverse();
  }
}
