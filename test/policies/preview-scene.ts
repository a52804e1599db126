import { californiaWeek } from '../../src/attendance/rules/preview/example';
import { tenantForFile } from '../support/scene';

/** For the tests of a file: a tenant whose employee asks what the rules would make of a week in California, or of what `change` makes of it. */
export function whatIf() {
  const { server, tenant } = tenantForFile();
  const ask = (change: Record<string, unknown> = {}) =>
    tenant.employee.api.post('/api/attendance/rules/preview', { ...californiaWeek, ...change });
  return { server, tenant, ask };
}

export const spring = { from: '2026-03-08', to: '2026-03-08', punches: [] };
export const autumn = { from: '2026-11-01', to: '2026-11-01', punches: [], shifts: [] };
