import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { NewPin } from './pin.schemas';

/** A PIN and whose it is; without dates for ever. */
export interface Pin {
  readonly id: string;
  readonly pin: string;
  readonly employeeId: string;
  readonly effectiveFrom?: string;
  readonly effectiveUntil?: string;
  readonly allDevices: boolean;
}

interface PinRow extends Record<string, unknown> {
  id: string;
  device_id: string | null;
  pin: string;
  employee_id: string;
  effective_from: string;
  effective_until: string | null;
}

/** Stands for "always was": the column has no place for nothing. */
const ALWAYS = '0001-01-01';

const columns =
  'p.id, p.device_id, p.pin, p.employee_id, p.effective_from::text AS effective_from, p.effective_until::text AS effective_until';
const page = statement(
  'terminals.pins',
  `SELECT ${columns} FROM pin_bindings p WHERE p.tenant_id = $1 AND (p.device_id = $2 OR p.device_id IS NULL) AND p.id > $3::uuid
   ORDER BY p.id LIMIT $4`,
);
const ofPins = statement(
  'terminals.pins_told',
  `SELECT ${columns} FROM pin_bindings p WHERE p.tenant_id = $1 AND p.pin = ANY ($3::text[]) AND (p.device_id = $2 OR p.device_id IS NULL)`,
);
const hold = statement(
  'terminals.hold_pin',
  `SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' pin ' || $2, 0))`,
);
const overlapping = statement(
  'terminals.pin_overlap',
  `SELECT ${columns} FROM pin_bindings p WHERE p.tenant_id = $1 AND p.pin = $3 AND p.device_id IS NOT DISTINCT FROM $2::uuid
     AND daterange(p.effective_from, p.effective_until, '[]') && daterange($4::date, $5::date, '[]') LIMIT 1`,
);
const insert = statement(
  'terminals.pin_insert',
  `INSERT INTO pin_bindings AS p (tenant_id, device_id, pin, employee_id, effective_from, effective_until, created_by)
   VALUES ($1, $2::uuid, $3, $4, $5::date, $6::date, $7) RETURNING ${columns}`,
);
const remove = statement(
  'terminals.pin_delete',
  `DELETE FROM pin_bindings p WHERE p.tenant_id = $1 AND p.id = $3 AND (p.device_id = $2 OR p.device_id IS NULL) RETURNING ${columns}`,
);

/** Whose PINs are whose. */
@Injectable()
export class PinsRepository {
  async page(tx: Transaction, tenantId: string, deviceId: string, after: string, limit: number): Promise<Pin[]> {
    return (await tx.rows<PinRow>(page, [tenantId, deviceId, after, limit])).map(pinOf);
  }

  /** The bindings that may apply to these PINs on this device. */
  async of(tx: Transaction, tenantId: string, deviceId: string, pins: readonly string[]): Promise<Pin[]> {
    return (await tx.rows<PinRow>(ofPins, [tenantId, deviceId, pins])).map(pinOf);
  }

  /** The binding, unless the PIN is bound for some of these dates already: then undefined. Takes turns for each PIN. */
  async insert(tx: Transaction, tenantId: string, deviceId: string, pin: NewPin, by: string): Promise<Pin | undefined> {
    const place = pin.allDevices ? null : deviceId;
    const [from, until] = [pin.effectiveFrom ?? ALWAYS, pin.effectiveUntil ?? null];
    const [, clash] = await Promise.all([
      tx.run(hold, [tenantId, pin.pin]),
      tx.row(overlapping, [tenantId, place, pin.pin, from, until]),
    ]);
    if (clash) return undefined;
    const row = await tx.row<PinRow>(insert, [tenantId, place, pin.pin, pin.employeeId, from, until, by]);
    return row && pinOf(row);
  }

  async remove(tx: Transaction, tenantId: string, deviceId: string, id: string): Promise<Pin | undefined> {
    const row = await tx.row<PinRow>(remove, [tenantId, deviceId, id]);
    return row && pinOf(row);
  }
}

function pinOf(row: PinRow): Pin {
  return {
    id: row.id,
    pin: row.pin,
    employeeId: row.employee_id,
    ...(row.effective_from === ALWAYS ? {} : { effectiveFrom: row.effective_from }),
    ...(row.effective_until === null ? {} : { effectiveUntil: row.effective_until }),
    allDevices: row.device_id === null,
  };
}
