import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../auth/principal';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import { clientAddress, statedAddress } from '../../http/request/request-target';
import { AnonymousQuota } from '../../rate-limit/anonymous-quota';
import { CreditQuotas } from '../../rate-limit/credit-quotas';
import { inNetworks } from '../../http/request/ip-networks';
import { quotaExceeded } from '../../rate-limit/quota-answer';
import { QuotaPolicies } from '../../rate-limit/quota-policy';
import { readTenantSettings } from '../../tenancy/tenant-settings';
import type { Device } from './device';
import { serialPattern } from './device.schemas';
import { DeviceHealth, type SeenFrom } from './device-health';
import { secretHash } from './device-secret';
import { type DevicePlace, DevicesRepository } from './devices.repository';
import { SerialAlone } from './serial-alone';
import { Unclaimed } from './unclaimed';

/** Terminals poll every few seconds; that they were here is written down this often. */
const SEEN_EVERY_MS = 30_000;

const tenant = statement('terminals.tenant', 'SELECT slug, settings, time_zone FROM tenants WHERE id = $1');

/** A terminal that was let in. As a principal it holds no permission: what it may do is to tell punches. */
interface TerminalCaller {
  readonly tenantId: string;
  readonly device: Device;
  readonly principal: Principal;
}

/**
 * Who is calling? A terminal knows no sign-in: it says its serial number, and its address may hold a secret. Whatever is not let in
 * is answered 403, upon which a terminal keeps what it has to tell and calls again later.
 */
@Injectable()
export class DeviceAuthentication {
  constructor(
    private readonly work: UnitOfWork,
    private readonly devices: DevicesRepository,
    private readonly serialAlone: SerialAlone,
    private readonly health: DeviceHealth,
    private readonly unclaimed: Unclaimed,
    private readonly anonymous: AnonymousQuota,
    private readonly quotas: CreditQuotas,
    private readonly policies: QuotaPolicies,
  ) {}

  async admit(request: FastifyRequest, secret?: string): Promise<TerminalCaller> {
    const serialNumber = parameterOf(request, 'SN');
    const credential = `${secret ?? ''} ${serialNumber ?? ''}`;
    if (this.policies.on) await this.anonymous.check(request, credential);
    if (serialNumber === undefined || !serialPattern.test(serialNumber)) throw this.refused(request);
    const place =
      secret === undefined
        ? await this.serialAlone.place(serialNumber, statedAddress(request))
        : await this.bySecret(serialNumber, secret);
    if (!place) {
      const problem = this.refused(request);
      await this.work.write(PLATFORM_TENANT, (tx) => this.unclaimed.note(tx, serialNumber, clientAddress(request)));
      throw problem;
    }
    const caller = await this.recognise(place, request, secret !== undefined);
    this.anonymous.remember(credential);
    return caller;
  }

  private async bySecret(serialNumber: string, secret: string): Promise<DevicePlace | undefined> {
    const hash = secretHash(secret);
    const [place] = await this.work.read(PLATFORM_TENANT, (tx) => this.devices.places(tx, serialNumber, hash));
    return place;
  }

  private async recognise(
    { tenant_id: tenantId, device_id: deviceId, admittedFrom }: DevicePlace,
    request: FastifyRequest,
    hasSecret: boolean,
  ): Promise<TerminalCaller> {
    const [device, row] = await this.work.read(tenantId, (tx) =>
      Promise.all([
        this.devices.find(tx, tenantId, deviceId),
        tx.row<{ slug: string; settings: unknown; time_zone: string }>(tenant, [tenantId]),
      ]),
    );
    if (!device || !row) throw this.refused(request);
    const { allowedNetworks, fourEyes, quotas } = readTenantSettings(row.settings);
    if (allowedNetworks.length > 0 && !inNetworks(statedAddress(request), allowedNetworks))
      throw new Problem(
        'IP_RESTRICTED',
        'This terminal may call only from the networks in the settings of its tenant.',
      );
    if (this.policies.on) await this.take(deviceId);
    const address = statedAddress(request);
    const from = hasSecret ? { provenFrom: address } : admittedFrom === address ? {} : { admittedFrom: address };
    await this.noteSeen(tenantId, device, firmwareOf(request), from);
    if (device.status !== 'active') throw new Problem('forbidden', `This terminal is ${device.status}.`);
    const principal: Principal = {
      userId: device.id,
      tenantId,
      tenantSlug: row.slug,
      email: null,
      name: device.name,
      orgUnitId: null,
      timeZone: row.time_zone,
      roles: [],
      permissions: new Set(),
      allowedNetworks,
      fourEyes,
      quotas,
      requiresIdempotencyKey: false,
    };
    request.principal = principal;
    return { tenantId, device, principal };
  }

  private async take(deviceId: string): Promise<void> {
    const decision = await this.quotas.take(this.policies.terminal, deviceId);
    if (!decision.allowed) throw quotaExceeded(decision);
  }

  /** From the address of a call with the secret, the serial number alone will do; where that alone was let in stays known. */
  private async noteSeen(
    tenantId: string,
    device: Device,
    firmware: string | undefined,
    from: SeenFrom,
  ): Promise<void> {
    const isFresh = device.lastSeenAt && Date.now() - device.lastSeenAt.getTime() < SEEN_EVERY_MS;
    const isKnown = firmware === undefined || firmware === device.firmware;
    const isProven = from.provenFrom === undefined || device.provenNetworks.includes(from.provenFrom);
    if (isFresh && isKnown && isProven && from.admittedFrom === undefined) return;
    await this.work.write(tenantId, (tx) => this.health.seen(tx, tenantId, device.id, firmware, from));
  }

  /** The same words for an unknown serial number and a wrong secret. Counts for the address, like any call without a token. */
  private refused(request: FastifyRequest): Problem {
    this.anonymous.failed(request);
    return new Problem('forbidden', 'This terminal is not registered. Claim its serial number, or check its address.');
  }
}

/** A parameter of the query, if it stands there once. */
export function parameterOf({ query }: FastifyRequest, name: string): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined;
  const value: unknown = Object.entries(query).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** The first part of INFO, as in `Ver 8.0.4.3-20170621,2,2,30,192.168.0.201`. */
function firmwareOf(request: FastifyRequest): string | undefined {
  const text = parameterOf(request, 'INFO')?.split(',')[0]?.trim() ?? '';
  return /^[\x20-\x7e]{1,64}$/.test(text) ? text : undefined;
}
