import { TERMINAL_TYPES } from '../imports/reading/profiles';
import type { RecordedType } from '../punches/presence';

/** `suspended` is refused and keeps its backlog, `retired` is gone and its serial number free again. */
export const deviceStatuses = ['active', 'suspended', 'retired'] as const;
export type DeviceStatus = (typeof deviceStatuses)[number];

/** What a terminal writes for a direction, and what it means there. A state that is not named means `unknown`. */
export type StateMap = Readonly<Record<string, RecordedType>>;

/** As the terminals come from the factory. */
export const factoryStates: StateMap = TERMINAL_TYPES;

export interface Device {
  readonly id: string;
  readonly serialNumber: string;
  readonly name: string;
  /** IANA name: its clock shows the time of this zone. */
  readonly timeZone: string;
  readonly states: StateMap;
  /** Whether it may call by its serial number alone, without the secret in its address. */
  readonly serialOnly: boolean;
  /** Where it has called from with its secret: from there its serial number alone will do. */
  readonly provenNetworks: readonly string[];
  readonly status: DeviceStatus;
  readonly firmware?: string;
  readonly lastSeenAt?: Date;
  /** Its own mark of how far it has sent. */
  readonly lastStamp?: string;
  /** How far its clock is behind ours (negative: ahead), as of the last punch that it sent at once. */
  readonly skewMs?: number;
  /** Since when it has called without a gap of more than ten minutes, as of its last call. */
  readonly contactSince?: Date;
  /** When it last sent a punch as it happened: at that time it had no backlog. */
  readonly liveAt?: Date;
  /** The longest time of late without a call: what it tells of then is a backlog, also behind a punch of now. */
  readonly away?: { readonly from: Date; readonly until: Date };
  /** Since when lines are held because its clock is in doubt; gone once one arrives that is right. */
  readonly clockDoubtedAt?: Date;
  /** Of the last upload: the lines that were sent late, and the oldest of them. */
  readonly backlog?: { readonly lines: number; readonly since: Date };
  /** The account that registered it. */
  readonly createdBy: string;
  /** The accounts that were given its secret since, or opened it to its serial number alone. */
  readonly secretHolders: readonly string[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface DeviceRow extends Record<string, unknown> {
  id: string;
  serial_number: string;
  name: string;
  time_zone: string;
  states: StateMap;
  serial_only: boolean;
  proven_networks: string[];
  status: DeviceStatus;
  firmware: string | null;
  last_seen_at: Date | null;
  last_stamp: string | null;
  skew_ms: string | null;
  backlog_lines: number;
  backlog_since: Date | null;
  contact_since: Date | null;
  live_at: Date | null;
  away_from: Date | null;
  away_until: Date | null;
  clock_doubted_at: Date | null;
  created_by: string;
  secret_holders: string[];
  version: number;
  created_at: Date;
  updated_at: Date;
}

export const deviceColumns = `d.id, d.serial_number, d.name, d.time_zone, d.states, d.serial_only, d.proven_networks, d.status, d.firmware, d.last_seen_at,
  d.last_stamp, d.skew_ms, d.backlog_lines, d.backlog_since, d.contact_since,
  d.live_at, d.away_from, d.away_until, d.clock_doubted_at, d.created_by, d.secret_holders, d.version, d.created_at, d.updated_at, d.tenant_id AS row_tenant`;

export function deviceOf(row: DeviceRow): Device {
  return {
    id: row.id,
    serialNumber: row.serial_number,
    name: row.name,
    timeZone: row.time_zone,
    states: row.states,
    serialOnly: row.serial_only,
    provenNetworks: row.proven_networks,
    status: row.status,
    ...(row.firmware === null ? {} : { firmware: row.firmware }),
    ...(row.last_seen_at === null ? {} : { lastSeenAt: row.last_seen_at }),
    ...(row.last_stamp === null ? {} : { lastStamp: row.last_stamp }),
    ...(row.skew_ms === null ? {} : { skewMs: Number(row.skew_ms) }),
    ...(row.backlog_since === null ? {} : { backlog: { lines: row.backlog_lines, since: row.backlog_since } }),
    ...(row.contact_since === null ? {} : { contactSince: row.contact_since }),
    ...(row.live_at === null ? {} : { liveAt: row.live_at }),
    ...(row.away_from === null || row.away_until === null
      ? {}
      : { away: { from: row.away_from, until: row.away_until } }),
    ...(row.clock_doubted_at === null ? {} : { clockDoubtedAt: row.clock_doubted_at }),
    createdBy: row.created_by,
    secretHolders: row.secret_holders,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A device as the ledger remembers it: what people decide, not what it says of itself. */
export const deviceToAudit = ({
  serialNumber,
  name,
  timeZone,
  states,
  serialOnly,
  status,
}: Device): Record<string, unknown> => ({
  serialNumber,
  name,
  timeZone,
  states,
  serialOnly,
  status,
});
