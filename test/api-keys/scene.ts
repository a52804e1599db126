import type { Client, Reply } from '../support/client';
import type { TestServer } from '../support/server';
import type { Tenant } from '../support/world';

export interface MadeKey {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
  /** The API, called with it. */
  readonly api: Client;
}

export const everything = ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:admin'];

/** The body of a key that may do what an administrator may give it, and never expires. */
export const keyBody = (more: object = {}) => ({ name: 'Gate', permissions: everything, expiresAt: null, ...more });

/** What a reply shows of a key, to call with it. */
export function keyOf(server: TestServer, { status, text, body }: Reply): MadeKey {
  if (status >= 300) throw new Error(`There is no key in ${status} ${text}`);
  const { id, key, prefix } = body as MadeKey;
  return { id, key, prefix, api: server.stranger.with(key) };
}

/** A key that an administrator of the tenant has made. */
export const madeKey = async (server: TestServer, tenant: Tenant, more: object = {}): Promise<MadeKey> =>
  keyOf(server, await tenant.admin.api.post('/api/api-keys', keyBody(more)));
