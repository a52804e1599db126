import { z } from 'zod';
import { type Permission, permissions } from '../../auth/principal';
import { identifier as id } from '../../http/input/identifiers';
import { instant } from '../../http/input/dates';
import { cursor, pageSize } from '../../http/paging/paging';
import { tenantSettings } from '../../tenancy/tenant-settings';

const forKeys = permissions.filter((permission) => permission !== 'platform:admin');
const DAY_SECONDS = 86_400;

const name = z.string().trim().min(1).max(100).describe('what it is for, such as the system that holds it');
const held = z
  .array(z.enum(forKeys as [Permission, ...Permission[]]))
  .min(1)
  .max(forKeys.length)
  .refine((list) => new Set(list).size === list.length, 'names a permission twice')
  .describe(
    'none that you do not hold yourself. attendance:write alone reports punches of everybody; reading about others takes attendance:approve or attendance:admin',
  );
const orgUnitId = id.describe(
  'limits it to the people of an org unit; not beside attendance:admin or attendance:payroll',
);
const allowedNetworks = tenantSettings.shape.allowedNetworks
  .unwrap()
  .describe('networks (CIDR) that it may be used from, on every route; empty: any');
const expiresAt = instant.nullable().describe('refused from then on; null: never');

const example = {
  id: '019c0a6e-6f2e-7a51-9d3b-2f5c1f0a9b31',
  name: 'Payroll North',
  prefix: 'rck_8sKq2ZbT',
  permissions: ['attendance:read', 'attendance:approve'],
  allowedNetworks: ['192.0.2.0/24'],
  expiresAt: '2027-11-30T00:00:00.000Z',
} as const;

export const apiKeyBody = z
  .strictObject({
    name,
    permissions: held,
    orgUnitId: orgUnitId.optional(),
    allowedNetworks: allowedNetworks.default([]),
    expiresAt,
  })
  .meta({
    id: 'NewApiKey',
    example: {
      name: example.name,
      permissions: example.permissions,
      allowedNetworks: example.allowedNetworks,
      expiresAt: example.expiresAt,
    },
  });
export type ApiKeyBody = z.output<typeof apiKeyBody>;

export const apiKeyPatch = z
  .strictObject({
    name: name.optional(),
    permissions: held.optional(),
    orgUnitId: orgUnitId.nullable().optional(),
    allowedNetworks: allowedNetworks.optional(),
    expiresAt: expiresAt.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'ApiKeyPatch', example: { allowedNetworks: ['192.0.2.0/24'] } });
export type ApiKeyPatch = z.output<typeof apiKeyPatch>;

export const apiKeyRotation = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * DAY_SECONDS)
      .default(DAY_SECONDS)
      .describe('how long the secret of before still opens; 0 where it may have leaked'),
  })
  .prefault({})
  .meta({ id: 'ApiKeyRotation', example: { overlapSeconds: 3600 } });
export type ApiKeyRotation = z.output<typeof apiKeyRotation>;

export const apiKeyQuery = z.strictObject({
  status: z.enum(['unrevoked', 'revoked', 'all']).default('unrevoked'),
  limit: pageSize,
  cursor,
});
export type ApiKeyQuery = z.output<typeof apiKeyQuery>;

const shape = {
  id: id.describe('also the `userId` of what it does, in the ledger and in the trail'),
  name: z.string(),
  prefix: z.string().describe('how the key begins; nothing else of it can be seen again'),
  status: z.enum(['active', 'expired', 'revoked']),
  permissions: z.array(z.enum(permissions)),
  orgUnitId: id.optional(),
  allowedNetworks: z.array(z.string()),
  expiresAt: instant.optional().describe('absent: never'),
  formerUntil: instant.optional().describe('until when the secret from before its last rotation still opens'),
  holders: z.array(id).describe('the people who were shown a secret of it'),
  lastUsedAt: instant.optional().describe('to the minute'),
  revokedAt: instant.optional(),
  version: z.number().int().describe('the ETag, for If-Match'),
  createdBy: id,
  createdAt: instant,
  updatedAt: instant,
};
const shown = {
  ...example,
  status: 'active',
  holders: ['01939c2e-8a56-7cc0-b1f4-0c35a3d1f001'],
  version: 1,
  createdBy: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001',
  createdAt: '2026-11-27T09:00:00.000Z',
  updatedAt: '2026-11-27T09:00:00.000Z',
};

export const apiKeyResource = z.object(shape).meta({ id: 'ApiKey', example: shown });
export const apiKeyWithSecret = z
  .object({ ...shape, key: z.string().describe('the key itself, this once: send it as `Authorization: Bearer …`') })
  .meta({
    id: 'ApiKeyWithSecret',
    example: { ...shown, key: 'rck_8sKq2ZbT_0vB3nXyR7mWc1kLpQ9tHs5dGf2aJz8eUo4iYq6TwNb0MxKvR1' },
  });
export const apiKeyList = z
  .object({ data: z.array(apiKeyResource), nextCursor: z.string().optional() })
  .meta({ id: 'ApiKeyList' });
