import { Injectable } from '@nestjs/common';
import { statement } from '../database/statement';
import { UnitOfWork } from '../database/unit-of-work';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';

const signsIn = statement('quotas.signs_in_from', 'SELECT signs_in_from($1, $2::inet) AS known');

/** Where accounts have signed in within thirty days; remembered with each sign-in (auth/sign-in.service.ts), for all replicas. */
@Injectable()
export class KnownAddresses {
  constructor(private readonly work: UnitOfWork) {}

  /** Whether somebody with this e-mail address has lately signed in from this IP address. What cannot be looked up is not known. */
  async know(email: string, ip: string): Promise<boolean> {
    try {
      const row = await this.work.read(PLATFORM_TENANT, (tx) => tx.row<{ known: boolean }>(signsIn, [email, ip]));
      return row?.known ?? false;
    } catch {
      return false;
    }
  }
}
