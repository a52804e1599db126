import { Days } from '../days/scene';
import { tenantForEachTest, whileRunning } from '../support/scene';
import type { Person } from '../support/world';

export const utc = 'Etc/UTC';

/** An exception, as lists show it. */
export interface Shown {
  id: string;
  code: string;
  status: string;
  date: string;
  employeeId: string;
}

export const listed = async (by: Person, query: Record<string, string> = {}) =>
  (await by.api.get('/api/exceptions', { query })).body.data as Shown[];

/** For the tests of a file: each has a tenant, and its days. */
export function exceptional() {
  const { server, tenant: acme } = tenantForEachTest();
  let current: Days | undefined;
  beforeEach(() => {
    current = new Days(server, acme);
  });
  const days = whileRunning(() => current);

  /** Somebody forgot to punch out. */
  async function forgotten(who: Person, date: string): Promise<Shown> {
    await days.punch(who, utc, `in ${date}T09:00`);
    await days.compute();
    const found = (await listed(acme.admin, { employeeId: who.id, from: date, to: date, code: 'MISSING_OUT' }))[0];
    if (!found) throw new Error('nothing was found');
    return found;
  }

  return { server, acme, days, forgotten };
}
