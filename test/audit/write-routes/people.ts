import { randomUUID } from 'node:crypto';
import type { Client } from '../../support/client';
import { acme, aUser, read, secret, server, type Written } from './scene';

export async function aSession() {
  const { email } = await aUser();
  return read(await server.stranger.post('/api/auth/login', { email, password: secret, tenant: 'acme' }));
}
const aTenant = async (by: Client) =>
  read(await by.post('/api/tenants', { slug: `t${randomUUID()}`, name: 'New tenant' }));

const aKey = () =>
  acme.admin.api.post('/api/api-keys', { name: 'Gate', permissions: ['attendance:write'], expiresAt: null });
const keyPath = async () => `/api/api-keys/${read(await aKey())['id'] ?? ''}`;

/** People, roles, tenants, settings, sessions and API keys. */
export const people: Record<string, Written> = {
  'POST /api/users': {
    is: ['user', 'create'],
    call: () => acme.admin.api.post('/api/users', { name: 'Ina Import', role: 'employee' }),
  },
  'PATCH /api/users/{id}': {
    is: ['user', 'update'],
    call: async () => acme.admin.api.patch(`/api/users/${(await aUser())['id'] ?? ''}`, { name: 'Nora Newer' }),
  },
  'DELETE /api/users/{id}': {
    is: ['user', 'delete'],
    call: async () => acme.admin.api.delete(`/api/users/${(await aUser())['id'] ?? ''}`),
  },
  'POST /api/api-keys': {
    is: ['api_key', 'create'],
    call: aKey,
  },
  'PATCH /api/api-keys/{id}': {
    is: ['api_key', 'update'],
    call: async () => acme.admin.api.patch(await keyPath(), { name: 'Back gate' }),
  },
  'POST /api/api-keys/{id}/rotate': {
    is: ['api_key', 'update'],
    call: async () => acme.admin.api.post(`${await keyPath()}/rotate`),
  },
  'DELETE /api/api-keys/{id}': {
    is: ['api_key', 'delete'],
    call: async () => acme.admin.api.delete(await keyPath()),
  },
  'PUT /api/attendance/settings': {
    is: ['settings', 'update'],
    call: () => acme.admin.api.put('/api/attendance/settings', { punchTooSoonSeconds: 7 }),
  },
  'POST /api/attendance-admin/users/{id}/roles/assign': {
    is: ['role_assignment', 'assign'],
    call: async () =>
      acme.admin.api.post(`/api/attendance-admin/users/${(await aUser())['id'] ?? ''}/roles/assign`, {
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/users/{id}/roles/unassign': {
    is: ['role_assignment', 'unassign'],
    call: async () =>
      acme.admin.api.post(`/api/attendance-admin/users/${(await aUser('approver'))['id'] ?? ''}/roles/unassign`, {
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/users/batch/roles/assign': {
    is: ['role_assignment', 'assign'],
    call: async () =>
      acme.admin.api.post('/api/attendance-admin/users/batch/roles/assign', {
        userIds: [(await aUser())['id']],
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/users/batch/roles/unassign': {
    is: ['role_assignment', 'unassign'],
    call: async () =>
      acme.admin.api.post('/api/attendance-admin/users/batch/roles/unassign', {
        userIds: [(await aUser('approver'))['id']],
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/roles': {
    is: ['role', 'create'],
    call: () => acme.admin.api.post('/api/attendance-admin/roles', aRole()),
  },
  'PATCH /api/attendance-admin/roles/{id}': {
    is: ['role', 'update'],
    call: async () => acme.admin.api.patch(`/api/attendance-admin/roles/${await aRoleId()}`, { title: 'Lead' }),
  },
  'DELETE /api/attendance-admin/roles/{id}': {
    is: ['role', 'delete'],
    call: async () => acme.admin.api.request('DELETE', `/api/attendance-admin/roles/${await aRoleId()}`),
  },
  'POST /api/attendance-admin/role-batches/{id}/undo': {
    is: ['role_assignment', 'rollback'],
    call: async () => {
      const { body } = await acme.admin.api.post('/api/attendance-admin/users/batch/roles/assign', {
        userIds: [(await aUser())['id']],
        template: 'approver',
      });
      return acme.admin.api.post(`/api/attendance-admin/role-batches/${String(body.batchId)}/undo`);
    },
  },
  'POST /api/tenants': {
    is: ['tenant', 'create'],
    call: (operator) => operator.post('/api/tenants', { slug: `t${randomUUID()}`, name: 'Globex' }),
  },
  'PATCH /api/tenants/{id}': {
    is: ['tenant', 'update'],
    call: async (operator) =>
      operator.patch(`/api/tenants/${(await aTenant(operator))['id'] ?? ''}`, { name: 'Renamed' }),
  },
  'POST /api/auth/login': {
    is: ['session', 'login'],
    anonymous: true,
    call: async () =>
      server.stranger.post('/api/auth/login', { email: (await aUser())['email'], password: secret, tenant: 'acme' }),
  },
  'POST /api/auth/refresh-token': {
    is: ['session', 'refresh'],
    anonymous: true,
    call: async () =>
      server.stranger.post('/api/auth/refresh-token', { refreshToken: (await aSession())['refreshToken'] }),
  },
  'POST /api/auth/logout': {
    is: ['session', 'logout'],
    anonymous: true,
    call: async () => server.stranger.post('/api/auth/logout', { refreshToken: (await aSession())['refreshToken'] }),
  },
};

let rolesMade = 0;
const aRole = () => ({ name: `role-${(rolesMade += 1)}`, title: 'Shift lead', permissions: ['attendance:read'] });
const aRoleId = async () => {
  const { body } = await acme.admin.api.post('/api/attendance-admin/roles', aRole());
  return (body as { id: string }).id;
};
