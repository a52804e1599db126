import { Injectable } from '@nestjs/common';
import { acrossTenants } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { provingNetworks } from './proven-networks';

const listings = acrossTenants(
  'terminals.network_listings',
  'SELECT address, tenant_id, network FROM network_listings($1::inet[])',
);

interface Listing extends Record<string, unknown> {
  readonly address: string;
  readonly tenant_id: string;
  readonly network: string;
}

/**
 * Whose an address is. `allowedNetworks` is a tenant's own word, and nobody checks that a network is theirs: an address says whose a terminal is
 * only while one tenant alone lists a network around it. Networks too wide to prove anything dispute nothing, either.
 */
@Injectable()
export class AddressHolders {
  /** Those of the addresses that `tenantId` alone lists. */
  async heldBy(tx: Transaction, tenantId: string, addresses: readonly string[]): Promise<string[]> {
    const holders = await this.holders(tx, addresses);
    return addresses.filter((address) => {
      const of = holders.get(address);
      return of?.size === 1 && of.has(tenantId);
    });
  }

  /** Those of the addresses that no other tenant lists. */
  async notOfOthers(tx: Transaction, tenantId: string, addresses: readonly string[]): Promise<Set<string>> {
    const holders = await this.holders(tx, addresses);
    return new Set(addresses.filter((address) => [...(holders.get(address) ?? [])].every((of) => of === tenantId)));
  }

  private async holders(tx: Transaction, addresses: readonly string[]): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>();
    if (addresses.length === 0) return found;
    for (const { address, tenant_id: tenantId, network } of await tx.rows<Listing>(listings, [addresses])) {
      if (provingNetworks([network]).length === 0) continue;
      found.set(address, (found.get(address) ?? new Set()).add(tenantId));
    }
    return found;
  }
}
