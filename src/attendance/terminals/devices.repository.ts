import { Injectable } from '@nestjs/common';
import { refusing } from '../../database/failures';
import { acrossTenants, statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { type Device, deviceColumns, deviceOf, type DeviceRow, type DeviceStatus, type StateMap } from './device';

const byId = (lock: string) => `SELECT ${deviceColumns} FROM devices d WHERE d.tenant_id = $1 AND d.id = $2 ${lock}`;
const find = statement('terminals.device', byId(''));
const lock = statement('terminals.device_lock', byId('FOR NO KEY UPDATE'));
const page = statement(
  'terminals.devices',
  `SELECT ${deviceColumns} FROM devices d WHERE d.tenant_id = $1 AND d.status = ANY ($2::text[]) AND d.id > $3::uuid ORDER BY d.id LIMIT $4`,
);
const insert = statement(
  'terminals.device_insert',
  `INSERT INTO devices AS d (tenant_id, serial_number, name, time_zone, states, secret_hash, serial_only, created_by)
   SELECT $1, $2, $3, coalesce($4, t.time_zone), $5::jsonb, $6::bytea, $7, $8 FROM tenants t WHERE t.id = $1 RETURNING ${deviceColumns}`,
);
// That it came in from anywhere holds for a terminal that did so before networks were asked for, and only as long as it goes on.
const update = statement(
  'terminals.device_update',
  `UPDATE devices AS d SET name = $3, time_zone = $4, states = $5::jsonb, serial_only = $6, status = $7, secret_holders = $8::uuid[],
     version = version + 1, updated_at = now(), proven_networks = CASE WHEN $6 AND NOT d.serial_only
       THEN array_remove(array_remove(d.proven_networks, '0.0.0.0/0'), '::/0') ELSE d.proven_networks END WHERE d.tenant_id = $1 AND d.id = $2 RETURNING ${deviceColumns}`,
);
const rotate = statement(
  'terminals.device_rotate',
  `UPDATE devices AS d SET secret_hash = $3::bytea, secret_holders = $4::uuid[], version = version + 1, updated_at = now()
   WHERE d.tenant_id = $1 AND d.id = $2 RETURNING ${deviceColumns}`,
);
const places = acrossTenants('terminals.places', 'SELECT tenant_id, device_id FROM device_places($1, $2::bytea)');

export interface DevicePlace extends Record<string, unknown> {
  readonly tenant_id: string;
  readonly device_id: string;
  /** Where it was last let in by its serial number alone. */
  readonly admittedFrom?: string | null;
}

export interface DeviceDraft {
  readonly serialNumber: string;
  readonly name: string;
  readonly timeZone?: string | undefined;
  readonly states: StateMap;
  readonly serialOnly: boolean;
}

/** Reads and changes the terminals of one tenant, and asks which tenant a terminal belongs to. */
@Injectable()
export class DevicesRepository {
  async find(tx: Transaction, tenantId: string, id: string): Promise<Device | undefined> {
    const row = await tx.row<DeviceRow>(find, [tenantId, id]);
    return row && deviceOf(row);
  }

  async lock(tx: Transaction, tenantId: string, id: string): Promise<Device | undefined> {
    const row = await tx.row<DeviceRow>(lock, [tenantId, id]);
    return row && deviceOf(row);
  }

  async page(tx: Transaction, tenantId: string, statuses: readonly DeviceStatus[], after: string, limit: number) {
    return (await tx.rows<DeviceRow>(page, [tenantId, statuses, after, limit])).map(deviceOf);
  }

  /** Which devices, of whatever tenant, answer to a serial number and a secret. */
  places(tx: Transaction, serialNumber: string, hash: string): Promise<DevicePlace[]> {
    return tx.rows<DevicePlace>(places, [serialNumber, hash]);
  }

  async insert(tx: Transaction, tenantId: string, draft: DeviceDraft, hash: string, by: string): Promise<Device> {
    const values = [tenantId, draft.serialNumber, draft.name, draft.timeZone ?? null, JSON.stringify(draft.states)];
    const row = tx.row<DeviceRow>(insert, [...values, hash, draft.serialOnly, by]);
    return present(await refusing(row, { devices_serial_unique: serialKnown }));
  }

  async update(tx: Transaction, tenantId: string, to: Device): Promise<Device> {
    const values = [tenantId, to.id, to.name, to.timeZone, JSON.stringify(to.states), to.serialOnly, to.status];
    return present(await tx.row<DeviceRow>(update, [...values, to.secretHolders]));
  }

  async rotate(tx: Transaction, tenantId: string, { id, secretHolders }: Device, hash: string): Promise<Device> {
    return present(await tx.row<DeviceRow>(rotate, [tenantId, id, hash, secretHolders]));
  }
}

function present(row: DeviceRow | undefined): Device {
  if (!row) throw new Error('A device disappeared under its lock');
  return deviceOf(row);
}

const serialKnown = () =>
  new Problem('conflict', 'There is a terminal with this serial number already. Change that one, or retire it first.', {
    errors: [{ pointer: '/serialNumber', code: 'conflict', detail: 'is the serial number of another terminal' }],
  });
