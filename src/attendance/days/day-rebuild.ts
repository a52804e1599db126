import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import type { DayNumber } from '../rules/time/calendar';
import { type Computation, DayComputer } from './day-computer';

/** People in one transaction; larger than the worker's, since nobody waits for each of them. */
const PEOPLE_AT_ONCE = 250;

const bySlug = statement('days.tenant_called', 'SELECT id FROM tenants WHERE slug = $1');
const nextPeople = statement(
  'days.rebuild_people',
  'SELECT id FROM users WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3',
);
const lock = statement(
  'days.rebuild_lock',
  `SELECT pg_advisory_xact_lock(hashtextextended('days of ' || id::text, 0)) FROM unnest($1::uuid[]) id ORDER BY id`,
);

/**
 * Computes everybody's days of a span from the raw punches, in one pass. Where the worker is up to date this changes nothing, which
 * is how an operator proves it; after a restore without derived tables it makes them anew.
 */
@Injectable()
export class DayRebuild {
  constructor(
    private readonly work: UnitOfWork,
    private readonly computer: DayComputer,
  ) {}

  /** The tenant of this short name, if there is one. */
  async tenantCalled(slug: string): Promise<string | undefined> {
    return (await this.work.read(PLATFORM_TENANT, (tx) => tx.row<{ id: string }>(bySlug, [slug])))?.id;
  }

  /** All people of the tenant, from date to date. `progress` is called after each transaction. */
  async run(
    tenantId: string,
    from: DayNumber,
    to: DayNumber,
    progress: (done: Computation) => void = () => undefined,
  ): Promise<Computation> {
    const total = { people: 0, days: 0, changed: 0 };
    let after: string | undefined = '00000000-0000-0000-0000-000000000000';
    while (after !== undefined) {
      const beyond: string = after;
      const { last, ...done } = await this.work.write(tenantId, (tx) => this.some(tx, beyond, from, to));
      after = last;
      total.people += done.people;
      total.days += done.days;
      total.changed += done.changed;
      progress(total);
    }
    return total;
  }

  private async some(
    tx: Transaction,
    after: string,
    from: DayNumber,
    to: DayNumber,
  ): Promise<Computation & { last: string | undefined }> {
    const rows = await tx.rows<{ id: string }>(nextPeople, [tx.tenantId, after, PEOPLE_AT_ONCE]);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return { people: 0, days: 0, changed: 0, last: undefined };
    await tx.run(lock, [ids]);
    const asked = ids.map((employeeId) => ({ employeeId, from, to }));
    return { ...(await this.computer.compute(tx, asked, 'exactly')), last: ids.at(-1) };
  }
}
