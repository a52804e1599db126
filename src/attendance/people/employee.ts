import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { statement } from '../../database/statement';
import { formatDate, type DayNumber } from '../rules/time/calendar';
import { zoneOfHistory, type Zone, type ZoneChange } from '../rules/time/zone';
import { inScope, scopeOf } from './scope';

/** What the rules of attendance need to know of a person. Dates are local, both included; null is open. */
export interface Employee {
  readonly id: string;
  readonly name: string;
  readonly orgUnitId: string | null;
  readonly active: boolean;
  readonly hiredOn: string | null;
  readonly leftOn: string | null;
  /** By whose clock the person lives, and lived: the zone of an instant decides about its work date. */
  readonly zone: Zone;
}

interface EmployeeRow extends Record<string, unknown> {
  id: string;
  name: string;
  org_unit_id: string | null;
  status: string;
  hired_on: string | null;
  left_on: string | null;
  /** Pairs of epoch seconds (null: always) and zone, the newest last; a person's null is the zone of the tenant. */
  own_zones: readonly [number | null, string | null][];
  tenant_zones: readonly [number | null, string | null][];
}

const history = (who: string) =>
  `(SELECT json_agg(json_build_array(CASE WHEN h.valid_from = '-infinity' THEN NULL ELSE floor(extract(epoch FROM h.valid_from)) END, h.time_zone) ORDER BY h.valid_from)
    FROM time_zone_history h WHERE h.tenant_id = u.tenant_id AND h.employee_id ${who})`;
const find = statement(
  'staff.find',
  `SELECT u.id, u.name, u.org_unit_id, u.status, u.hired_on::text AS hired_on, u.left_on::text AS left_on,
     coalesce(${history('= u.id')}, json_build_array(json_build_array(NULL, u.time_zone))) AS own_zones,
     coalesce(${history('IS NULL')}, json_build_array(json_build_array(NULL, t.time_zone))) AS tenant_zones
   FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[])`,
);

/** The people with these ids; whoever does not exist in the tenant is missing from the answer. */
export async function findEmployees(
  tx: Transaction,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Employee>> {
  const rows = await tx.rows<EmployeeRow>(find, [tenantId, ids]);
  return new Map(rows.map((row) => [row.id, employeeOf(row)]));
}

/** The person, unless the tenant has none of this id or the caller may not see them: both are answered alike. */
export async function employeeInScope(tx: Transaction, by: Principal, id: string): Promise<Employee | undefined> {
  const employee = (await findEmployees(tx, tx.tenantId, [id])).get(id);
  return employee && inScope(scopeOf(by), employee) ? employee : undefined;
}

function employeeOf(row: EmployeeRow): Employee {
  return {
    id: row.id,
    name: row.name,
    orgUnitId: row.org_unit_id,
    active: row.status === 'active',
    hiredOn: row.hired_on,
    leftOn: row.left_on,
    zone: zoneOfHistory(zonesOf(row)),
  };
}

const ALWAYS = -Infinity;

/** The person's own zones, and those of the tenant where the person had none. */
function zonesOf({ own_zones: own, tenant_zones: tenant }: EmployeeRow): [ZoneChange, ...ZoneChange[]] {
  const changes: ZoneChange[] = [];
  const tenantZoneAt = (from: number) => tenant.findLast(([since]) => (since ?? ALWAYS) <= from)?.[1] ?? 'UTC';
  for (const [index, [since, zone]] of own.entries()) {
    const from = since ?? ALWAYS;
    if (zone !== null) {
      changes.push({ from, zone });
      continue;
    }
    const until = own[index + 1]?.[0] ?? Infinity;
    changes.push({ from, zone: tenantZoneAt(from) });
    for (const [moved, place] of tenant) {
      if (moved !== null && moved > from && moved < until) changes.push({ from: moved, zone: place ?? 'UTC' });
    }
  }
  const [first, ...rest] = changes;
  return first ? [first, ...rest] : [{ from: ALWAYS, zone: 'UTC' }];
}

/** Refuses a date on which the person is not employed; `pointer` names the field that said it. */
export function mustBeEmployedOn(employee: Employee, day: DayNumber, pointer: string): void {
  const date = formatDate(day);
  const { hiredOn, leftOn } = employee;
  let detail: string | undefined;
  if (hiredOn !== null && date < hiredOn) detail = `lies before the hire date ${hiredOn}`;
  else if (leftOn !== null && date > leftOn) detail = `lies after the leave date ${leftOn}`;
  if (detail === undefined) return;
  throw new Problem('outside_employment', `The date ${date} ${detail} of this person.`, {
    errors: [{ pointer, code: 'outside_employment', detail }],
  });
}
