import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Ledger } from '../audit/ledger/ledger';
import type { AuditEntry } from '../audit/ledger/entry';
import { Passwords } from '../auth/passwords';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { statement } from '../database/statement';
import type { Transaction } from '../database/transaction';
import { UnitOfWork } from '../database/unit-of-work';
import { demoPeople, demoTenants, operatorEmail } from './demo-people';

const tenantBySlug = statement('demo.tenant_by_slug', 'SELECT id FROM tenants WHERE slug = $1');
const insertTenant = statement(
  'demo.insert_tenant',
  'INSERT INTO tenants (id, slug, name, time_zone) VALUES ($1, $2, $3, $4)',
);
const knownPeople = statement(
  'demo.known_people',
  'SELECT email FROM users WHERE tenant_id = $1 AND email = ANY ($2::text[])',
);
const insertPeople = statement(
  'demo.insert_people',
  `INSERT INTO users (tenant_id, id, email, name, employee_number, password_hash)
   SELECT $1, p.id, p.email, p.name, p.number, $6 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) p (id, email, name, number)`,
);
const insertRoles = statement(
  'demo.insert_roles',
  'INSERT INTO user_roles (tenant_id, user_id, role) SELECT $1, r.id, r.role FROM unnest($2::uuid[], $3::text[]) r (id, role)',
);
const setPassword = statement(
  'demo.set_password',
  'UPDATE users SET password_hash = $3, updated_at = now(), version = version + 1 WHERE tenant_id = $1 AND email = ANY ($2::text[])',
);

interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly employeeNumber: string | null;
  readonly role: string;
}

/** The people of the try-out: two tenants and a platform operator. Making them twice changes nothing but the password. */
@Injectable()
export class DemoService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly passwords: Passwords,
  ) {}

  async create(password: string): Promise<void> {
    // One derivation for all: the demo people share their password anyway, and seventy of them would take as many seconds.
    const hash = await this.passwords.hash(password);
    for (const tenant of demoTenants) {
      const id = await this.tenant(tenant);
      await this.people(id, demoPeople(tenant.slug), hash);
    }
    await this.people(
      PLATFORM_TENANT,
      [{ email: operatorEmail, name: 'Olga Operator', employeeNumber: null, role: 'platform_admin' }],
      hash,
    );
  }

  /** The demo tenants that are there. */
  async tenants(): Promise<((typeof demoTenants)[number] & { readonly id: string })[]> {
    return this.work.read(PLATFORM_TENANT, async (tx) => {
      const found = await Promise.all(
        demoTenants.map(async (tenant) => ({ tenant, row: await tx.row<{ id: string }>(tenantBySlug, [tenant.slug]) })),
      );
      return found.flatMap(({ tenant, row }) => (row ? [{ ...tenant, id: row.id }] : []));
    });
  }

  private tenant(tenant: (typeof demoTenants)[number]): Promise<string> {
    return this.work.write(PLATFORM_TENANT, async (tx) => {
      const known = await tx.row<{ id: string }>(tenantBySlug, [tenant.slug]);
      if (known) return known.id;
      const id = uuidv7();
      await tx.run(insertTenant, [id, tenant.slug, tenant.name, tenant.timeZone]);
      this.witness(tx, PLATFORM_TENANT, [{ entity: 'tenant', action: 'create', entityId: id, after: { ...tenant } }]);
      return id;
    });
  }

  private people(tenantId: string, people: readonly NewPerson[], hash: string): Promise<void> {
    return this.work.write(tenantId, async (tx) => {
      const emails = people.map((person) => person.email);
      const known = new Set(
        (await tx.rows<{ email: string }>(knownPeople, [tenantId, emails])).map((row) => row.email),
      );
      if (known.size > 0) await tx.run(setPassword, [tenantId, [...known], hash]);
      const missing = people
        .filter((person) => !known.has(person.email))
        .map((person) => ({ id: uuidv7(), ...person }));
      if (missing.length === 0) return;
      const ids = missing.map((person) => person.id);
      await tx.run(insertPeople, [
        tenantId,
        ids,
        missing.map((person) => person.email),
        missing.map((person) => person.name),
        missing.map((person) => person.employeeNumber),
        hash,
      ]);
      await tx.run(insertRoles, [tenantId, ids, missing.map((person) => person.role)]);
      this.witness(
        tx,
        tenantId,
        missing.map(({ id, ...after }) => ({ entity: 'user', action: 'create', entityId: id, employeeId: id, after })),
      );
    });
  }

  /** The demo is made by nobody on the network: the nil user, from this machine. */
  private witness(tx: Transaction, tenantId: string, entries: readonly AuditEntry[]): void {
    const nobody = '00000000-0000-0000-0000-000000000000';
    this.ledger
      .append(tx, [{ tenantId, userId: nobody, requestId: 'demo', ip: '127.0.0.1', entries }])
      .catch(() => undefined);
  }
}
