import { randomUUID } from 'node:crypto';
import type { Client, Reply } from '../../support/client';
import { startServer, type TestServer } from '../../support/server';
import type { Person, Tenant } from '../../support/world';

export const secret = 'correct horse battery staple';

export let server: TestServer;
export let acme: Tenant;
/** Of payroll: reopens what was paid. */
export let clerk: Person;

export async function open(): Promise<void> {
  server = await startServer();
  acme = await server.world.tenant('acme', { allowedNetworks: ['127.0.0.0/8'] });
  clerk = await acme.person({ role: 'payroll' });
}

/** What the evidence of a write route is, and one call of it. */
export interface Written {
  is: [string, string];
  anonymous?: true;
  call: (operator: Client) => Promise<Reply>;
}

export const read = (reply: Reply) => reply.body as Record<string, string>;

let hour = 0;
export async function aPunch(): Promise<string> {
  const timestamp = new Date(Date.now() - 100 * 3_600_000 + ++hour * 3_600_000).toISOString();
  const punch = { employeeId: acme.employee.id, type: 'in', timestamp, source: 'terminal' };
  return read(await acme.admin.api.post('/api/punches', punch))['id'] ?? '';
}
export const aUser = async (role = 'employee') =>
  read(
    await acme.admin.api.post('/api/users', {
      email: `${randomUUID()}@acme.test`,
      name: 'Nora New',
      role,
      password: secret,
    }),
  );
let day = 0;
export const aDate = () => new Date(Date.UTC(2031, 0, ++day)).toISOString().slice(0, 10);
