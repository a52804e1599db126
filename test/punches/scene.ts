import { aKey, type Client, type Reply } from '../support/client';
import { tenantForFile } from '../support/scene';
import type { Person } from '../support/world';

/** For the tests of a file: a tenant whose people punch. */
export function clock() {
  const { server, tenant: acme } = tenantForFile();
  return { server, acme, someone: () => acme.person({}) };
}

/** A punch with a key of its own. */
export const punch = (by: Client, employee: Person, type: string, more: Record<string, unknown> = {}): Promise<Reply> =>
  by.post('/api/punches', { employeeId: employee.id, type, ...more }, { key: aKey() });

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
