import type { Access } from '../auth/access.decorators';
import type { Permission } from '../auth/principal';
import type { QuotaTier } from './quota-policy';

/** Routes that cost more than others, as method and template. */
export const costlyRoutes = {
  'POST /api/attendance/import/upload': 'uploadsPerHour',
  'POST /api/attendance/import/prepare': 'importPreparePerMinute',
  'POST /api/attendance/import/preview': 'importPreviewPerMinute',
  'POST /api/attendance/import/commit': 'importCommitPerMinute',
  'GET /api/attendance/export': 'exportPerMinute',
  'HEAD /api/attendance/export': 'exportPerMinute',
  'POST /api/attendance/export/jobs': 'exportPerMinute',
} as const satisfies Record<string, QuotaTier>;

const costly = new Map<string, QuotaTier>(Object.entries(costlyRoutes));
const ofAdministrators: readonly Permission[] = ['attendance:admin', 'platform:admin'];

/**
 * The quota that a route has beside that of all requests: the one of its name, or that of administrators where nobody else may change
 * what it changes. The latter follows from the policy of the route, so that none can be forgotten.
 */
export function routeTier(method: string, template: string, access: Access | undefined): QuotaTier | undefined {
  const named = costly.get(`${method} ${template}`);
  if (named) return named;
  const changes = method !== 'GET' && method !== 'HEAD';
  const isForAdministrators =
    access?.kind === 'permission' && access.anyOf.every((permission) => ofAdministrators.includes(permission));
  return changes && isForAdministrators ? 'adminWritePerMinute' : undefined;
}
