import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { readTenantSettings, type TenantSettings } from '../../tenancy/tenant-settings';

const read = statement('settings.read', 'SELECT settings, version FROM tenants WHERE id = $1');
const lock = statement('settings.lock', 'SELECT settings, version FROM tenants WHERE id = $1 FOR NO KEY UPDATE');
const save = statement(
  'settings.save',
  `UPDATE tenants SET settings = $2::jsonb, version = version + 1, updated_at = now() WHERE id = $1 RETURNING settings, version`,
);

/** The settings that are in force, and the version of the tenant that holds them. */
export interface SavedSettings {
  readonly settings: TenantSettings;
  readonly version: number;
}

/** The settings of one tenant, which are a column of its row. */
@Injectable()
export class SettingsRepository {
  async read(tx: Transaction, tenantId: string): Promise<SavedSettings> {
    return savedOf(await tx.row(read, [tenantId]));
  }

  async lock(tx: Transaction, tenantId: string): Promise<SavedSettings> {
    return savedOf(await tx.row(lock, [tenantId]));
  }

  async save(tx: Transaction, tenantId: string, settings: TenantSettings): Promise<SavedSettings> {
    return savedOf(await tx.row(save, [tenantId, JSON.stringify(settings)]));
  }
}

function savedOf(row: Record<string, unknown> | undefined): SavedSettings {
  if (!row) throw new Error('The tenant of a signed-in person was not found');
  return { settings: readTenantSettings(row.settings), version: Number(row.version) };
}
