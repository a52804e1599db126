import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { byId, Cursors, type Page } from '../../http/paging/cursor';
import { assertVersion } from '../../http/input/if-match';
import { notFound, Problem } from '../../http/problems/problem';
import type { Outcome, Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { zoneNamed } from '../rules/time/zone';
import { refusingRules } from '../people/rule-problem';
import { type Device, deviceStatuses, deviceToAudit } from './device';
import type { DevicePatch, DeviceQuery, NewDevice } from './device.schemas';
import { addressOf, newSecret, secretHash } from './device-secret';
import { type DeviceDraft, DevicesRepository } from './devices.repository';
import { provingNetworks } from './proven-networks';

/** The terminals of a tenant, as its administrators keep them. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly devices: DevicesRepository,
    private readonly cursors: Cursors,
  ) {}

  page({ tenantId }: Principal, { limit, cursor, ...filters }: DeviceQuery): Promise<Page<Device>> {
    const { status } = filters;
    const wanted =
      status === undefined ? (['active', 'suspended'] as const) : status === 'all' ? deviceStatuses : [status];
    const scope = { tenantId, route: 'devices', filters };
    return this.cursors.page(scope, { limit, cursor }, byId, ({ after: [after], limit: rows }) =>
      this.work.read(tenantId, (tx) => this.devices.page(tx, tenantId, wanted, String(after), rows)),
    );
  }

  async get({ tenantId }: Principal, id: string): Promise<Device> {
    const device = await this.work.read(tenantId, (tx) => this.devices.find(tx, tenantId, id));
    if (!device) throw notFound('device');
    return device;
  }

  /** The answer holds the secret: only the caller may see it, and it is stored nowhere. */
  create(by: Principal, body: NewDevice): Write {
    mustBeZone(body.timeZone);
    if (body.serialOnly) mustBeProvable(by, []);
    return this.writes.change((tx) => this.insert(tx, by, body));
  }

  async insert(tx: Transaction, { tenantId, userId }: Principal, draft: DeviceDraft): Promise<Outcome> {
    const secret = newSecret();
    const device = await this.devices.insert(tx, tenantId, draft, secretHash(secret), userId);
    return {
      answer: {
        status: 201,
        body: { ...device, secret, address: addressOf(secret) },
        location: `/api/devices/${device.id}`,
        version: device.version,
      },
      audit: [entry('create', device.id, undefined, deviceToAudit(device))],
    };
  }

  update(by: Principal, id: string, patch: DevicePatch, expectedVersion?: number): Write {
    mustBeZone(patch.timeZone);
    const { tenantId } = by;
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, tenantId, id, expectedVersion);
      if (patch.serialOnly === true && !before.serialOnly) mustBeProvable(by, before.provenNetworks);
      const after = await this.devices.update(tx, tenantId, {
        ...before,
        name: patch.name ?? before.name,
        timeZone: patch.timeZone ?? before.timeZone,
        states: patch.states ?? before.states,
        serialOnly: patch.serialOnly ?? before.serialOnly,
        status: patch.status ?? before.status,
        secretHolders: patch.serialOnly === true && !before.serialOnly ? holdersWith(before, by) : before.secretHolders,
      });
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [entry('update', id, deviceToAudit(before), deviceToAudit(after))],
      };
    });
  }

  /** A new secret; the old one is no longer valid. As with create(), it is shown once. */
  rotate(by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, by.tenantId, id, expectedVersion);
      const secret = newSecret();
      const held = { ...before, secretHolders: holdersWith(before, by) };
      const after = await this.devices.rotate(tx, by.tenantId, held, secretHash(secret));
      return {
        answer: { status: 200, body: { ...after, secret, address: addressOf(secret) }, version: after.version },
        audit: [entry('update', id, { secret: 'the old one' }, { secret: 'a new one' })],
      };
    });
  }

  retire({ tenantId }: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, tenantId, id, expectedVersion);
      const after = await this.devices.update(tx, tenantId, { ...before, status: 'retired' });
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [entry('delete', id, deviceToAudit(before))],
      };
    });
  }

  /** The device, locked until the end of the transaction; refuses a retired one and another version. */
  async locked(tx: Transaction, tenantId: string, id: string, expectedVersion?: number): Promise<Device> {
    const device = await this.devices.lock(tx, tenantId, id);
    if (!device) throw notFound('device');
    assertVersion('this device', device.version, expectedVersion);
    if (device.status === 'retired')
      throw new Problem('conflict', 'This device is retired and stays as it was. Create it anew to use it again.');
    return device;
  }
}

/** Those who could speak for the terminal, with whoever can from now on: an earlier one may have called from an address that is proven since. */
const holdersWith = ({ secretHolders }: Device, { userId }: Principal): readonly string[] => [
  ...new Set([...secretHolders, userId]),
];

function entry(
  action: AuditEntry['action'],
  id: string,
  before?: Record<string, unknown>,
  after?: Record<string, unknown>,
): AuditEntry {
  return { entity: 'device', action, entityId: id, ...(before ? { before } : {}), ...(after ? { after } : {}) };
}

export function mustBeZone(timeZone: string | undefined): void {
  if (timeZone !== undefined) refusingRules(() => zoneNamed(timeZone), '/timeZone');
}

/** Without a network of the tenant or a call with its secret, nothing could ever prove whose the serial number is. */
function mustBeProvable({ allowedNetworks }: Principal, provenNetworks: readonly string[]): void {
  if (provenNetworks.some((network) => !network.endsWith('/0')) || provingNetworks(allowedNetworks).length > 0) return;
  const detail = 'needs a network of the tenant, or a call of the terminal with its secret';
  throw new Problem(
    'conflict',
    'A serial number is no secret. List the networks of your terminals in the settings of the tenant (allowedNetworks, none wider than /16), or register the terminal without serialOnly and put its address into the terminal once.',
    { errors: [{ pointer: '/serialOnly', code: 'conflict', detail }] },
  );
}
