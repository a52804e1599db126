import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { acrossTenants } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { inNetworks } from '../../http/request/ip-networks';
import { readTenantSettings } from '../../tenancy/tenant-settings';
import type { DevicePlace } from './devices.repository';
import { AddressHolders } from './address-holders';
import { provingNetworks } from './proven-networks';
import { SerialDisputes } from './serial-disputes';

const claims = acrossTenants(
  'terminals.serial_claims',
  'SELECT tenant_id, device_id, allowed, proven, admitted_from AS "admittedFrom" FROM serial_claims($1)',
);

interface Claim extends DevicePlace {
  readonly allowed: unknown;
  readonly proven: readonly string[];
  readonly admittedFrom: string | null;
}

/**
 * Whom a serial number without a secret leads to. It is printed on the terminal, so where the call comes from must prove the rest: a
 * network that the tenant alone lists, or an address from which the terminal has called with its secret.
 *
 * Where that is disputed, the operator decides; until then a terminal goes on delivering to whoever had it, or a tenant could cut off
 * another's by listing its networks.
 */
@Injectable()
export class SerialAlone {
  constructor(
    private readonly work: UnitOfWork,
    private readonly disputes: SerialDisputes,
    private readonly holders: AddressHolders,
  ) {}

  async place(serialNumber: string, address: string | undefined): Promise<DevicePlace | undefined> {
    if (address === undefined) return undefined;
    const { claimants, isProven } = await this.work.read(PLATFORM_TENANT, async (tx) => {
      const claimants = (await tx.rows<Claim>(claims, [serialNumber])).filter((claim) => listsOrKnows(claim, address));
      const [only, another] = claimants;
      // Terminals poll every few seconds: one that was let in from here is not looked up among the networks of all tenants again.
      const isProven =
        only !== undefined &&
        another === undefined &&
        (inNetworks(address, only.proven) ||
          only.admittedFrom === address ||
          (await this.holders.heldBy(tx, only.tenant_id, [address])).length > 0);
      return { claimants, isProven };
    });
    if (isProven || claimants.length === 0) return claimants[0];
    return (await this.disputes.settle(serialNumber, address, claimants)) ?? holderOf(claimants, address);
  }
}

const networksOf = ({ allowed }: Claim) =>
  provingNetworks(readTenantSettings({ allowedNetworks: allowed }).allowedNetworks);

const listsOrKnows = (claim: Claim, address: string) => inNetworks(address, [...networksOf(claim), ...claim.proven]);

/**
 * Who had the terminal before it was disputed: let in from this address, or else from the same network of theirs (a site gets another address
 * now and then), whoever came first; or else the only one that called from this address with the secret.
 */
function holderOf(claimants: readonly Claim[], address: string): Claim | undefined {
  const nearby = claimants.filter((claim) => {
    const around = [...networksOf(claim), ...claim.proven].filter((network) => inNetworks(address, [network]));
    return claim.admittedFrom !== null && inNetworks(claim.admittedFrom, around);
  });
  const keeper = nearby.find(({ admittedFrom }) => admittedFrom === address) ?? nearby[0];
  if (keeper) return keeper;
  const [known, another] = claimants.filter(({ proven }) => proven.includes(address));
  return another ? undefined : known;
}
