import { z } from 'zod';
import { identifier } from '../../http/input/identifiers';
import { cursor, pageSize } from '../../http/paging/paging';
import { email, password, personName, timeZone } from '../fields';
import { beyondLookBack, fourEyes, lookBackHours } from '../../tenancy/tenant-settings';
import { exampleQuotas, tenantQuotas } from '../../tenancy/tenant-quotas';
import { tenantStatuses } from './tenant';

const exampleId = '01993317-6990-7a02-9d3c-0f5f4c1a2b3d';

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits and hyphens')
  .describe('short name; what people type when they sign in, and it never changes');

export const newTenant = z
  .strictObject({
    slug,
    name: personName,
    timeZone: timeZone.default('UTC'),
    admin: z
      .strictObject({ email, name: personName, password })
      .optional()
      .describe('the first administrator, who creates the others'),
  })
  .meta({
    id: 'NewTenant',
    example: {
      slug: 'acme',
      name: 'Acme Bakeries',
      timeZone: 'Europe/Berlin',
      admin: { email: 'admin@acme.test', name: 'Alex Admin', password: 'correct horse battery' },
    },
  });
export type NewTenant = z.output<typeof newTenant>;

export const tenantPatch = z
  .strictObject({
    name: personName.optional(),
    timeZone: timeZone.optional(),
    status: z.enum(tenantStatuses).optional().describe('the people of a deactivated tenant are refused'),
    fourEyes: fourEyes.optional(),
    lookBackHours: lookBackHours.optional(),
    beyondLookBack: beyondLookBack.optional(),
    quotas: tenantQuotas.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'TenantPatch', example: { status: 'deactivated' } });
export type TenantPatch = z.output<typeof tenantPatch>;

export const tenantQuery = z.strictObject({
  status: z.enum([...tenantStatuses, 'all']).default('active'),
  limit: pageSize,
  cursor,
});
export type TenantQuery = z.output<typeof tenantQuery>;

export const tenantResource = z
  .object({
    id: identifier,
    slug: z.string(),
    name: z.string(),
    status: z.enum(tenantStatuses),
    timeZone: z.string(),
    fourEyes,
    lookBackHours,
    beyondLookBack,
    quotas: tenantQuotas,
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    adminId: identifier.optional().describe('the first administrator, in the answer to their creation only'),
  })
  .meta({
    id: 'Tenant',
    example: {
      id: exampleId,
      slug: 'acme',
      name: 'Acme Bakeries',
      status: 'active',
      timeZone: 'Europe/Berlin',
      fourEyes: { ownPunches: true, ownPayroll: true },
      lookBackHours: { api: 24, kiosk: 24, mobile: 24, web: 24, terminal: null, batch: null },
      beyondLookBack: 'hold',
      quotas: exampleQuotas,
      version: 1,
      createdAt: '2026-03-29T06:58:12.000Z',
      updatedAt: '2026-03-29T06:58:12.000Z',
    },
  });

export const tenantList = z
  .object({ data: z.array(tenantResource), nextCursor: z.string().optional() })
  .meta({ id: 'TenantList' });
