import { z } from 'zod';
import { permissions } from '../../../auth/principal';
import { roleCalled, roleNames } from '../../../auth/roles';
import { identifier } from '../../../http/input/identifiers';
import { cursor, pageSize } from '../../../http/paging/paging';

/** What a role inside a tenant may hold: the right to operate the platform is none of it. */
const ofTenants = permissions.filter((permission) => permission !== 'platform:admin');

const name = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'must begin with a letter and have letters, digits, _ and - alone, 63 at most')
  .refine((called) => roleCalled(called) === undefined, {
    message: `is the name of a template (${roleNames.join(', ')}) or another word for one; choose another`,
  })
  .describe('what the role is given and taken by; it stays');
const title = z.string().trim().min(1).max(100);
const description = z.string().trim().min(1).max(500);
const bundle = z
  .array(z.enum(ofTenants))
  .min(1)
  .transform((held) => [...new Set(held)].sort())
  .describe('what whoever has the role may do; you give what you hold yourself, and payroll as an administrator');

const example = { name: 'shift-lead', title: 'Shift lead', permissions: ['attendance:approve', 'attendance:read'] };

export const newCustomRole = z
  .strictObject({ name, title, description: description.optional(), permissions: bundle })
  .meta({ id: 'NewCustomRole', example });
export type NewCustomRole = z.output<typeof newCustomRole>;

export const customRolePatch = z
  .strictObject({
    title: title.optional(),
    description: description.nullable().optional(),
    permissions: bundle.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'CustomRolePatch', example: { permissions: ['attendance:read'] } });
export type CustomRolePatch = z.output<typeof customRolePatch>;

export const customRoleQuery = z.strictObject({ limit: pageSize, cursor });
export type CustomRoleQuery = z.output<typeof customRoleQuery>;

export const customRoleResource = z
  .object({
    id: identifier,
    name: z.string(),
    title: z.string(),
    description: z.string().optional(),
    permissions: z.array(z.enum(ofTenants)),
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'CustomRole',
    example: {
      id: '01993317-7b20-7d11-8a6c-0e4d2c5b6a7f',
      ...example,
      version: 1,
      createdAt: '2026-11-27T08:00:00.000Z',
      updatedAt: '2026-11-27T08:00:00.000Z',
    },
  });

export const customRoleList = z
  .object({ data: z.array(customRoleResource), nextCursor: z.string().optional() })
  .meta({ id: 'CustomRoleList' });
