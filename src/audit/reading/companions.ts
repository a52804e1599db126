import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import type { AuditEntryResource, Included } from './audit.schemas';
import { auditEntryResponse, type LedgerRow } from './ledger-row';

const people = statement(
  'audit.people',
  `SELECT u.id, u.name, u.tenant_id AS row_tenant FROM users u WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[])
   UNION ALL SELECT k.id, k.name, k.tenant_id FROM api_keys k WHERE k.tenant_id = $1 AND k.id = ANY ($2::uuid[])
   UNION ALL SELECT d.id, d.name, d.tenant_id FROM devices d WHERE d.tenant_id = $1 AND d.id = ANY ($2::uuid[])`,
);
const punches = statement(
  'audit.punches',
  `SELECT p.id, p.employee_id AS "employeeId", p.type, p.occurred_at AS "occurredAt", p.source, p.status, p.tenant_id AS row_tenant
   FROM punches p WHERE p.tenant_id = $1 AND p.id = ANY ($2::uuid[])`,
);

type Person = NonNullable<AuditEntryResource['actor']>;
type PunchRow = Omit<NonNullable<AuditEntryResource['punch']>, 'occurredAt'> & { readonly occurredAt: Date };

/**
 * What the entries of a page are about: people, API keys and terminals by their names, punches as they are now. Looked up for those who ask, in one exchange for a
 * page. Operators are people of no tenant, so an entry of theirs has no actor.
 */
@Injectable()
export class Companions {
  constructor(private readonly work: UnitOfWork) {}

  async withThem(
    tenantId: string,
    rows: readonly LedgerRow[],
    include: ReadonlySet<Included> = new Set(),
  ): Promise<AuditEntryResource[]> {
    const entries = rows.map(auditEntryResponse);
    if (include.size === 0 || entries.length === 0) return entries;
    const people = idsOf(entries, (entry) => [
      include.has('actor') ? entry.userId : undefined,
      include.has('employee') ? entry.employeeId : undefined,
    ]);
    const punches = idsOf(entries, ({ punchId }) => [include.has('punch') ? punchId : undefined]);
    const found = await this.find(tenantId, people, punches);
    return entries.map((entry) => ({
      ...entry,
      ...(include.has('actor') ? { actor: found.people.get(entry.userId) } : {}),
      ...(include.has('employee') ? { employee: found.people.get(entry.employeeId ?? '') } : {}),
      ...(include.has('punch') ? { punch: found.punches.get(entry.punchId ?? '') } : {}),
    }));
  }

  private find(tenantId: string, peopleIds: readonly string[], punchIds: readonly string[]) {
    return this.work.read(tenantId, async (tx) => {
      const [named, punched] = await Promise.all([
        peopleIds.length === 0 ? [] : tx.rows<Person>(people, [tenantId, peopleIds]),
        punchIds.length === 0 ? [] : tx.rows<PunchRow>(punches, [tenantId, punchIds]),
      ]);
      const told = punched.map((punch) => ({ ...punch, occurredAt: punch.occurredAt.toISOString() }));
      return {
        people: new Map(named.map((person) => [person.id, person])),
        punches: new Map(told.map((punch) => [punch.id, punch])),
      };
    });
  }
}

function idsOf(
  entries: readonly AuditEntryResource[],
  of: (entry: AuditEntryResource) => readonly (string | undefined)[],
): string[] {
  return [...new Set(entries.flatMap(of).filter((id) => id !== undefined))];
}
