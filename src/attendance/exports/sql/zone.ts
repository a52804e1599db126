/** Columns of a person `u` that zoneAt() needs: the zone of always, and whether there was ever another one. */
export const zoneColumns = `coalesce(u.time_zone, (SELECT t.time_zone FROM tenants t WHERE t.id = $1), 'UTC') AS zone,
  EXISTS (SELECT FROM time_zone_history h WHERE h.tenant_id = $1 AND h.employee_id = u.id)
    OR EXISTS (SELECT FROM time_zone_history h WHERE h.tenant_id = $1 AND h.employee_id IS NULL) AS moved, u.time_zone AS own_zone`;

const then = (whose: string, instant: string) =>
  `(SELECT h.time_zone FROM time_zone_history h WHERE h.tenant_id = $1 AND h.employee_id ${whose}
    AND date_trunc('second', h.valid_from) <= ${instant} ORDER BY h.valid_from DESC LIMIT 1)`;
const has = (whose: string) =>
  `EXISTS (SELECT FROM time_zone_history h WHERE h.tenant_id = $1 AND h.employee_id ${whose})`;

/** The time zone of a person at an instant, as zonesOf() of people/employee.ts has it: their own, else that of the tenant. */
export const zoneAt = (instant: string): string =>
  `CASE WHEN NOT u.moved THEN u.zone ELSE coalesce(
    CASE WHEN ${has('= u.id')} THEN ${then('= u.id', instant)} ELSE u.own_zone END,
    CASE WHEN ${has('IS NULL')} THEN ${then('IS NULL', instant)} ELSE (SELECT t.time_zone FROM tenants t WHERE t.id = $1) END, 'UTC') END`;
