import { z } from 'zod';
import { isRange } from '../http/request/ip-networks';
import { geofence } from './geofence-settings';
import { exampleQuotas, type TenantQuotas, tenantQuotas } from './tenant-quotas';

/** A network that no client can come from: 0.0.0.0 is nobody's address. */
export const NO_NETWORK = '0.0.0.0/32';

/** Whether the text names a network, IPv4 or IPv6, with its prefix length and nothing around it, that an address can be compared with. */
export function isNetwork(text: string): boolean {
  return /^[\da-f.:]+\/\d{1,3}$/i.test(text) && isRange(text);
}

const wholeNumber = (low: number, high: number, fallback: number, about: string) =>
  z.int().min(low).max(high).default(fallback).describe(about);

/** The oldest that any limit reaches: ten years, in hours. */
const MAX_LOOK_BACK_HOURS = 87_660;
const lookBack = (fallback: number | null) => z.int().min(0).max(MAX_LOOK_BACK_HOURS).nullable().default(fallback);

export const lookBackHours = z
  .strictObject({
    api: lookBack(24),
    kiosk: lookBack(24),
    mobile: lookBack(24),
    web: lookBack(24),
    terminal: lookBack(null),
    batch: lookBack(null),
  })
  .describe(
    'how many hours back a punch is taken as it is, by its source; null: any age; a source that is left out has its default. The first four bind people who punch for themselves, api also for a batch of their own; terminal and batch bind devices, whose late punches bear the flag reported_late. Administrators lower a limit, only an operator of the platform raises it',
  );
export const beyondLookBack = z
  .enum(['hold', 'refuse'])
  .describe(
    'what becomes of an older punch: hold keeps it until somebody else decides, refuse answers 422; only an operator of the platform goes back to hold',
  );

const rule = z.boolean().default(true);
export const fourEyes = z
  .strictObject({
    ownPunches: rule.describe('nobody changes or deletes punches of their own'),
    ownPayroll: rule.describe('nobody gives themselves the role payroll'),
  })
  .describe('rules that take a second person; an administrator switches them on, only an operator of the platform off');

/** Strict, for saving: a fault is refused while somebody is there to correct it. */
export const tenantSettings = z
  .strictObject({
    allowedNetworks: z
      .array(z.string().max(50).refine(isNetwork, 'is not a network in CIDR notation, such as 192.0.2.0/24'))
      .max(200)
      .default([])
      .describe(
        'networks (CIDR) that import, export and admin routes, and terminals, are limited to; empty means no limit',
      ),
    punchTooSoonSeconds: wholeNumber(0, 3600, 5, 'a punch closer than this to its neighbour is refused'),
    presenceTimeoutHours: wholeNumber(1, 72, 16, 'a person who punched in longer ago than this counts as gone'),
    lookBackHours: lookBackHours.prefault({}),
    beyondLookBack: beyondLookBack.default('hold'),
    fourEyes: fourEyes.prefault({}),
    geofence: geofence.prefault({}),
    quotas: tenantQuotas.prefault({}),
    requireIdempotencyKey: z.boolean().default(false).describe('refuse writes without an Idempotency-Key'),
  })
  .meta({
    id: 'TenantSettings',
    example: {
      allowedNetworks: ['192.0.2.0/24'],
      punchTooSoonSeconds: 5,
      presenceTimeoutHours: 16,
      lookBackHours: { api: 24, kiosk: 24, mobile: 24, web: 24, terminal: null, batch: null },
      beyondLookBack: 'hold',
      fourEyes: { ownPunches: true, ownPayroll: true },
      geofence: {
        fences: [{ name: 'Bakery', center: { latitude: 52.52, longitude: 13.405 }, radiusMeters: 150 }],
        outside: 'record',
        positionRequired: ['mobile'],
        toleranceMeters: 50,
      },
      quotas: exampleQuotas,
      requireIdempotencyKey: false,
    },
  });
export type TenantSettings = z.output<typeof tenantSettings>;
export type FourEyes = TenantSettings['fourEyes'];
export type LookBackSettings = Pick<TenantSettings, 'lookBackHours' | 'beyondLookBack'>;

/**
 * Tolerant, for reading: what an older or newer version saved, or somebody wrote by hand, must not stop people from
 * punching, so an unreadable member falls back to its default. All but one: an allow-list that cannot be read admits
 * nobody, because falling back to "no limit" would open what was meant to be closed.
 */
export function readTenantSettings(stored: unknown): TenantSettings {
  const members = z.record(z.string(), z.unknown()).catch({}).parse(stored);
  const { shape } = tenantSettings;
  return {
    allowedNetworks: readNetworks(members.allowedNetworks),
    punchTooSoonSeconds: shape.punchTooSoonSeconds.catch(5).parse(members.punchTooSoonSeconds),
    presenceTimeoutHours: shape.presenceTimeoutHours.catch(16).parse(members.presenceTimeoutHours),
    lookBackHours: shape.lookBackHours.catch(lookBackHours.parse({})).parse(members.lookBackHours),
    beyondLookBack: shape.beyondLookBack.catch('hold').parse(members.beyondLookBack),
    geofence: shape.geofence.catch(geofence.parse({})).parse(members.geofence),
    fourEyes: shape.fourEyes.catch(fourEyes.parse({})).parse(members.fourEyes),
    quotas: readQuotas(members.quotas),
    requireIdempotencyKey: shape.requireIdempotencyKey.catch(false).parse(members.requireIdempotencyKey),
  };
}

function readNetworks(stored: unknown): string[] {
  if (stored === undefined || stored === null) return [];
  const entries: unknown[] = Array.isArray(stored) ? stored : [stored];
  const readable = entries.filter((entry): entry is string => typeof entry === 'string' && isNetwork(entry));
  return readable.length === 0 && entries.length > 0 ? [NO_NETWORK] : readable;
}

/** Member by member: an unreadable one must not undo what the others hold down. */
function readQuotas(stored: unknown): TenantQuotas {
  const members = z.record(z.string(), z.unknown()).catch({}).parse(stored);
  const readable = Object.entries(tenantQuotas.shape).map(([name, schema]) => [
    name,
    schema.catch(null).parse(members[name]),
  ]);
  return tenantQuotas.parse(Object.fromEntries(readable));
}
