import type { Mapping } from '../reading/mapping';

/** A row of `import_profiles`. */
export interface ProfileRow extends Record<string, unknown> {
  id: string;
  name: string;
  kind: 'punches' | 'days';
  mapping: Mapping;
  time_zone: string | null;
  columns: string[];
  signature: string;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** A stored profile as it is answered. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly kind: 'punches' | 'days';
  readonly builtIn: false;
  readonly mapping: Mapping;
  readonly timeZone?: string;
  readonly columns: readonly string[];
  readonly signature: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const profileColumns =
  'p.id, p.name, p.kind, p.mapping, p.time_zone, p.columns, p.signature, p.version, p.created_at, p.updated_at';

export function toProfile(row: ProfileRow): Profile {
  const { id, name, kind, mapping, time_zone: timeZone, columns, signature, version } = row;
  const zone = timeZone === null ? {} : { timeZone };
  const times = { createdAt: row.created_at, updatedAt: row.updated_at };
  return { id, name, kind, builtIn: false, mapping, ...zone, columns, signature, version, ...times };
}
