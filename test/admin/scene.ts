import type { Reply } from '../support/client';
import { tenantForFile, tenantOf } from '../support/scene';
import type { Person } from '../support/world';

export const password = 'correct horse battery';
let number = 0;
export const anAddress = () => `newcomer${++number}@example.test`;

export const hire = async (by: Person, fields: Record<string, unknown> = {}): Promise<Reply> =>
  by.api.post('/api/users', { email: anAddress(), name: 'New Comer', role: 'employee', ...fields });

/** For the tests of a file: a tenant that hires people, who sign in, and another tenant. */
export function hiring(environment: Record<string, string> = {}) {
  const { server, tenant } = tenantForFile(environment);
  const other = tenantOf(server);
  const login = (email: string, secret = password) =>
    server.stranger.post('/api/auth/login', { email, password: secret, tenant: tenant.slug });
  /** The evidence of a person, the oldest first. */
  const entriesOf = (id: string) =>
    server.database.sql<{
      action: string;
      entity: string;
      changes: { before: object; after: object };
      request_id: string;
    }>(
      "SELECT action, entity, changes, request_id FROM audit_logs WHERE entity = 'user' AND entity_id = $1 ORDER BY seq",
      [id],
    );
  return { server, tenant, other, login, entriesOf };
}
