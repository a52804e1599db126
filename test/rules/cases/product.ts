import { startServer, type TestServer } from '../../support/server';
import type { Person, Tenant } from '../../support/world';

/** A tenant of one case on the running product. */
export interface Stage {
  readonly server: TestServer;
  readonly tenant: Tenant;
  /** Whose punches the case is about. */
  readonly employee: Person & { readonly number: string };
}

export interface StageOptions {
  readonly timeZone: string;
  /** Settings of the tenant. */
  readonly settings?: Record<string, unknown>;
  /** Settings of the server, as its environment gives them. */
  readonly environment?: Record<string, string>;
}

/**
 * The product as production builds it, on a database of its own, for the cases about what it stores and refuses. It is started by the
 * first of them; cases that want another environment share a server of that environment.
 */
export class Product {
  private readonly servers = new Map<string, Promise<TestServer>>();

  constructor(private readonly prepare: () => Promise<void> = () => Promise.resolve()) {}

  async stage({ timeZone, settings = {}, environment = {} }: StageOptions): Promise<Stage> {
    const server = await this.serverFor(environment);
    const tenant = await server.world.tenant(undefined, settings);
    await server.database.sql('UPDATE tenants SET time_zone = $2 WHERE id = $1', [tenant.id, timeZone]);
    const number = '0001';
    await server.database.sql('UPDATE users SET employee_number = $3 WHERE tenant_id = $1 AND id = $2', [
      tenant.id,
      tenant.employee.id,
      number,
    ]);
    return { server, tenant, employee: { ...tenant.employee, number } };
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.values()].map(async (server) => (await server).close()));
  }

  private serverFor(environment: Record<string, string>): Promise<TestServer> {
    const key = JSON.stringify(environment);
    const known = this.servers.get(key);
    if (known) return known;
    const starting = this.prepare().then(() => startServer(environment));
    this.servers.set(key, starting);
    return starting;
  }
}
