import { randomUUID } from 'node:crypto';
import type { AccessTokens } from '../../src/auth/access-tokens';
import type { Client } from './client';
import type { TestDatabase } from './database';

let count = 0;

export interface PersonOptions {
  readonly role?: 'employee' | 'approver' | 'payroll' | 'admin' | 'platform_admin';
  readonly email?: string;
  readonly name?: string;
  readonly orgUnitId?: string;
  readonly passwordHash?: string;
}

/** The people and tenants of a test. They are written straight into the database: how they get there is other tests' business. */
export class World {
  constructor(
    private readonly database: TestDatabase,
    private readonly tokens: AccessTokens,
    private readonly stranger: Client,
  ) {}

  /** A tenant with an administrator, an approver and an employee, each with a token. */
  async tenant(slug = `tenant-${++count}`, settings: Record<string, unknown> = {}): Promise<Tenant> {
    const [row] = await this.database.sql<{ id: string }>(
      'INSERT INTO tenants (slug, name, settings) VALUES ($1, $1, $2) RETURNING id',
      [slug, JSON.stringify(settings)],
    );
    const id = row?.id ?? '';
    const person = (options: PersonOptions) => this.person(id, options);
    const [admin, approver, employee] = await Promise.all([
      person({ role: 'admin' }),
      person({ role: 'approver' }),
      person({}),
    ]);
    return { id, slug, admin, approver, employee, person };
  }

  async operator(): Promise<Person> {
    return this.person('00000000-0000-0000-0000-000000000000', { role: 'platform_admin' });
  }

  private async person(tenantId: string, options: PersonOptions): Promise<Person> {
    const id = randomUUID();
    const number = ++count;
    const email = options.email ?? `person${number}@example.test`;
    const name = options.name ?? `Person ${number}`;
    const role = options.role ?? 'employee';
    await this.database.sql(
      `INSERT INTO users (tenant_id, id, email, name, employee_number, org_unit_id, password_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [tenantId, id, email, name, `E${number}`, options.orgUnitId ?? null, options.passwordHash ?? null],
    );
    await this.database.sql('INSERT INTO user_roles (tenant_id, user_id, role) VALUES ($1, $2, $3)', [
      tenantId,
      id,
      role,
    ]);
    const { token } = await this.tokens.issue({ tenantId, userId: id });
    return { id, email, name, token, api: this.stranger.with(token) };
  }
}

export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly admin: Person;
  readonly approver: Person;
  readonly employee: Person;
  person(options: PersonOptions): Promise<Person>;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly token: string;
  /** The API, called by this person. */
  readonly api: Client;
}
