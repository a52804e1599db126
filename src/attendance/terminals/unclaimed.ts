import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { AddressHolders } from './address-holders';
import type { DeviceClaim } from './device.schemas';
import { DevicesService, mustBeZone } from './devices.service';
import { provingNetworks } from './proven-networks';

/** Serial numbers that are remembered at most; the ones that called longest ago go first. */
const MOST = 1000;

const note = statement(
  'terminals.note_unclaimed',
  `INSERT INTO unclaimed_devices AS u (serial_number, address) VALUES ($1, $2::inet)
   ON CONFLICT ON CONSTRAINT unclaimed_devices_pkey DO UPDATE SET last_seen_at = now(), calls = least(u.calls, 1000000) + 1`,
);
const forget = statement(
  'terminals.forget_unclaimed',
  `DELETE FROM unclaimed_devices u WHERE u.last_seen_at <= greatest(now() - interval '30 days',
     (SELECT o.last_seen_at FROM unclaimed_devices o ORDER BY o.last_seen_at DESC OFFSET ${MOST} LIMIT 1))`,
);
const list = statement(
  'terminals.unclaimed',
  `SELECT u.serial_number AS "serialNumber", host(u.address) AS address, u.first_seen_at AS "firstSeenAt", u.last_seen_at AS "lastSeenAt",
     u.calls FROM unclaimed_devices u WHERE u.address = $1::inet OR u.address <<= ANY ($2::inet[])
   ORDER BY u.last_seen_at DESC, u.serial_number LIMIT 200`,
);
const calls = statement(
  'terminals.unclaimed_calls',
  'SELECT host(u.address) AS address FROM unclaimed_devices u WHERE u.serial_number = $1 AND u.address <<= ANY ($2::inet[]) ORDER BY u.last_seen_at DESC LIMIT 200',
);
const claim = statement(
  'terminals.claim',
  'DELETE FROM unclaimed_devices u WHERE u.serial_number = $1 AND u.address = ANY ($2::inet[])',
);

/**
 * Terminals that called and were not let in. They say nothing of a tenant, so the queue is one for all; each tenant sees what
 * called from its own networks or from where its administrator sits, and claims what called from its own networks. Addresses that
 * another tenant lists as well are left out of both.
 */
@Injectable()
export class Unclaimed {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly devices: DevicesService,
    private readonly holders: AddressHolders,
  ) {}

  /** Remembers a call that was refused. */
  async note(tx: Transaction, serialNumber: string, address: string): Promise<void> {
    await Promise.all([tx.run(note, [serialNumber, address]), tx.run(forget)]);
  }

  async list(by: Principal, address: string) {
    const data = await this.work.read(by.tenantId, async (tx) => {
      const rows = await tx.rows<{ address: string }>(list, [address, provingNetworks(by.allowedNetworks)]);
      const addresses = [...new Set(rows.map((row) => row.address))];
      const shown = await this.holders.notOfOthers(tx, by.tenantId, addresses);
      return rows.filter((row) => shown.has(row.address));
    });
    return { data };
  }

  /** Registers a terminal that has called from a network that the tenant alone lists. Whether another tenant has it, no answer tells. */
  claim(by: Principal, serialNumber: string, body: DeviceClaim): Write {
    mustBeZone(body.timeZone);
    return this.writes.change(async (tx) => {
      const found = await tx.rows<{ address: string }>(calls, [serialNumber, provingNetworks(by.allowedNetworks)]);
      const addresses = found.map(({ address }) => address);
      const own = await this.holders.heldBy(tx, by.tenantId, addresses);
      if (own.length === 0 || (await tx.run(claim, [serialNumber, own])) === 0) throw notFromHere();
      return this.devices.insert(tx, by, { ...body, serialNumber });
    });
  }
}

const notFromHere = () =>
  new Problem(
    'not_found',
    'No terminal with this serial number has called from the networks of your tenant. List them in its settings (allowedNetworks, none wider than /16) and let it call again, or register it and put its address into the terminal.',
  );
