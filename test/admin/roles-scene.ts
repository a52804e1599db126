import type { Reply } from '../support/client';
import { tenantForFile, tenantOf } from '../support/scene';

export const admin = '/api/attendance-admin';

/** For the tests of a file: a tenant whose administrator gives roles, and another tenant. */
export function givingRoles(environment: Record<string, string> = {}) {
  const { server, tenant } = tenantForFile(environment);
  const other = tenantOf(server);
  const rolesOf = async (id: string) =>
    (
      await server.database.sql<{ role: string }>('SELECT role FROM user_roles WHERE user_id = $1 ORDER BY role', [id])
    ).map(({ role }) => role);
  const entriesOf = (requestId: string | null) =>
    server.database.sql<{
      action: string;
      entity: string;
      entity_id: string;
      changes: { before: object; after: object };
    }>('SELECT action, entity, entity_id, changes FROM audit_logs WHERE request_id = $1 ORDER BY entity_id', [
      requestId,
    ]);
  return { server, tenant, other, rolesOf, entriesOf };
}

export const requestOf = (reply: Reply) => reply.headers.get('x-request-id');
