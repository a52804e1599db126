import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { until } from '../support/until';
import { exported, held, manyPunches, path } from './scene';

const { server, tenant: acme } = tenantForEachTest();

/** An export that is read by hand. */
async function begun(who: Person, query: string) {
  const away = new AbortController();
  const response = await fetch(`${server.url}${path}?${query}`, {
    headers: { authorization: `Bearer ${who.token}` },
    signal: away.signal,
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const first = await reader.read();
  return {
    away: () => {
      away.abort();
    },
    rest: async () => {
      const parts = [Buffer.from(first.value ?? [])];
      for (let part = await reader.read(); part.value; part = await reader.read()) parts.push(Buffer.from(part.value));
      return Buffer.concat(parts).toString();
    },
  };
}
/** More than fits between the server and a reader who does not read. */
const many = 150_000;
const holds = (n: number) => until(async () => (await held(server)) === n, `${n} exports wait for their readers`);

it('is one snapshot: what comes in or changes while it is read is not in it', async () => {
  await manyPunches(server, acme, acme.employee, many);
  const file = await begun(acme.admin, 'kind=punches');
  await holds(1); // it waits for its reader, and has not read ahead to the end
  await manyPunches(server, acme, acme.employee, 5, '2027-01-01T00:00:00Z');
  await server.database.sql(
    `UPDATE punches SET status = 'deleted' WHERE tenant_id = $1 AND type = 'in' AND occurred_at < '2026-03-05'`,
    [acme.id],
  );
  const text = await file.rest();
  expect(text.trimEnd().split('\r\n')).toHaveLength(many + 1);
  await holds(0);
});

it('two run at once, the third is turned away; a client who goes away gives connection and place back', async () => {
  await manyPunches(server, acme, acme.employee, many);
  const first = await begun(acme.admin, 'kind=punches');
  const second = await begun(acme.admin, 'kind=punches&delimiter=;');
  await holds(2);
  const third = await acme.admin.api.get(path, { query: { kind: 'punches' } });
  expect([third.status, third.body.code, third.headers.get('retry-after')]).toEqual([503, 'overloaded', '10']);
  first.away();
  second.away();
  await holds(0);
  for (let n = 0; n < 3; n++) {
    const { status, text } = await exported(server, acme.admin, { kind: 'punches', to: '2026-03-01' });
    expect([status, text.split('\r\n').length]).toEqual([200, 2]);
  }
});
