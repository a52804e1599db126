import type { Tenant } from '../support/world';

/** Punches of two days ago and on, a minute apart, so that no guard objects; answers their ids. */
export async function punch(tenant: Tenant, count: number, offset = 0): Promise<string[]> {
  const start = Date.now() - 50 * 3_600_000;
  const punches = Array.from({ length: count }, (_, n) => ({
    employeeId: tenant.employee.id,
    type: n % 2 === 0 ? 'in' : 'out',
    timestamp: new Date(start + (n + offset) * 60_000).toISOString(),
  }));
  const { body } = await tenant.admin.api.post('/api/punches/batch', { punches });
  return (body as { results: { id: string }[] }).results.map(({ id }) => id);
}

export interface Entry {
  id: string;
  entityId: string;
  requestId: string;
}
