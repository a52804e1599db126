import { Injectable } from '@nestjs/common';
import { refusing } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problem';
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
const update = statement(
  'terminals.device_update',
  `UPDATE devices AS d SET name = $3, time_zone = $4, states = $5::jsonb, serial_only = $6, status = $7, version = version + 1,
     updated_at = now() WHERE d.tenant_id = $1 AND d.id = $2 RETURNING ${deviceColumns}`,
);
const rotate = statement(
  'terminals.device_rotate',
  `UPDATE devices AS d SET secret_hash = $3::bytea, version = version + 1, updated_at = now()
   WHERE d.tenant_id = $1 AND d.id = $2 RETURNING ${deviceColumns}`,
);
// Two tenants that let the same serial number in without a secret take turns, so that the second of them sees the first.
const holdSerial = statement(
  'terminals.hold_serial',
  `SELECT pg_advisory_xact_lock(hashtextextended('device ' || $1, 0))`,
);
const places = statement('terminals.places', 'SELECT tenant_id, device_id FROM device_places($1, $2::bytea)');

export interface DevicePlace extends Record<string, unknown> {
  readonly tenant_id: string;
  readonly device_id: string;
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

  /** Which devices, of whatever tenant, answer to a serial number and a secret; `null` for a call without one. */
  places(tx: Transaction, serialNumber: string, hash: string | null): Promise<DevicePlace[]> {
    return tx.rows<DevicePlace>(places, [serialNumber, hash]);
  }

  async insert(tx: Transaction, tenantId: string, draft: DeviceDraft, hash: string, by: string): Promise<Device> {
    if (draft.serialOnly) await this.mustBeAlone(tx, tenantId, draft.serialNumber);
    const values = [tenantId, draft.serialNumber, draft.name, draft.timeZone ?? null, JSON.stringify(draft.states)];
    const row = tx.row<DeviceRow>(insert, [...values, hash, draft.serialOnly, by]);
    return present(await refusing(row, { devices_serial_unique: serialKnown }));
  }

  async update(tx: Transaction, tenantId: string, to: Device): Promise<Device> {
    if (to.serialOnly && to.status !== 'retired') await this.mustBeAlone(tx, tenantId, to.serialNumber);
    const values = [tenantId, to.id, to.name, to.timeZone, JSON.stringify(to.states), to.serialOnly, to.status];
    return present(await tx.row<DeviceRow>(update, values));
  }

  async rotate(tx: Transaction, tenantId: string, id: string, hash: string): Promise<Device> {
    return present(await tx.row<DeviceRow>(rotate, [tenantId, id, hash]));
  }

  /** A serial number alone must lead to one tenant only. */
  private async mustBeAlone(tx: Transaction, tenantId: string, serialNumber: string): Promise<void> {
    await tx.run(holdSerial, [serialNumber]);
    const others = (await this.places(tx, serialNumber, null)).filter(({ tenant_id }) => tenant_id !== tenantId);
    if (others.length > 0) throw needsSecret();
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

/** Says no more of other tenants than whoever holds the device in hand could find out. */
const needsSecret = () =>
  new Problem(
    'conflict',
    'This serial number cannot be let in by itself, because it is not this tenant alone that uses it. Set serialOnly to false and put the secret into the address of the terminal.',
    { errors: [{ pointer: '/serialOnly', code: 'conflict', detail: 'must be false for this serial number' }] },
  );
