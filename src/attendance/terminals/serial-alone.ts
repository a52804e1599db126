import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '../../auth/principal';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { inNetworks } from '../../rate-limit/ip-networks';
import { readTenantSettings } from '../../tenancy/tenant-settings';
import type { DevicePlace } from './devices.repository';
import { provingNetworks } from './proven-networks';
import { SerialDisputes } from './serial-disputes';

const places = statement(
  'terminals.serial_places',
  'SELECT tenant_id, device_id, allowed, proven FROM serial_places($1)',
);

interface Candidate extends DevicePlace {
  readonly allowed: unknown;
  readonly proven: readonly string[];
}

/**
 * Whom a serial number without a secret leads to. It is printed on the terminal, so where the call comes from must prove the rest: a
 * network of the tenant, or an address from which the terminal has called with its secret.
 */
@Injectable()
export class SerialAlone {
  constructor(
    private readonly work: UnitOfWork,
    private readonly disputes: SerialDisputes,
  ) {}

  async place(serialNumber: string, address: string | undefined): Promise<DevicePlace | undefined> {
    if (address === undefined) return undefined;
    const candidates = await this.work.read(PLATFORM_TENANT, (tx) => tx.rows<Candidate>(places, [serialNumber]));
    const proven = candidates.filter(({ allowed, proven: from }) => {
      const { allowedNetworks } = readTenantSettings({ allowedNetworks: allowed });
      return inNetworks(address, [...provingNetworks(allowedNetworks), ...from]);
    });
    const [place, another] = proven;
    return another ? this.disputes.settle(serialNumber, address, proven) : place;
  }
}
