import * as fc from 'fast-check';
import { tenantForFile } from '../support/scene';
import type { Person } from '../support/world';
import { Days } from './scene';
import { runs } from '../support/runs';

const { server, tenant: acme } = tenantForFile();
let days: Days;

beforeAll(async () => {
  days = new Days(server, acme);
  // Everything that looks beyond a day: overtime of the week, seventh day, rests.
  await days.policy({
    overtime: { rules: 'US-CA' },
    minDailyRestMinutes: 660,
    minWeeklyRestMinutes: 2100,
    breakRequiredOverMinutes: 360,
    unscheduled: 'work',
  });
});

const start = Date.UTC(2026, 1, 23) / 1000; // a Monday
const span = 15 * 86_400;
/** Punches of a fortnight, most of them in pairs, some alone, some told twice. */
const stretch = fc.record({
  at: fc.integer({ min: 0, max: span }),
  minutes: fc.integer({ min: 1, max: 1200 }),
  told: fc.constantFrom('both', 'both', 'both', 'in', 'out', 'break'),
});
type Told = { type: string; at: number };
const fortnight = fc.array(stretch, { minLength: 3, maxLength: 16 }).map((stretches) =>
  stretches.flatMap(({ at, minutes, told }): Told[] => {
    const [from, to] = [start + at, start + at + minutes * 60];
    const pair = [
      { type: 'in', at: from },
      { type: 'out', at: to },
    ];
    if (told === 'in') return pair.slice(0, 1);
    if (told === 'out') return pair.slice(1);
    if (told === 'both') return pair;
    const third = Math.floor((to - from) / 3);
    return [...pair, { type: 'break_start', at: from + third }, { type: 'break_end', at: from + 2 * third }];
  }),
);
/** The same punches in two orders, cut into deliveries, some of which arrive twice; between deliveries days are computed or not. */
const deliveries = fortnight.chain((punches) => {
  const order = fc.shuffledSubarray(punches, { minLength: punches.length });
  const cut = fc.array(
    fc.record({ size: fc.integer({ min: 1, max: 6 }), twice: fc.boolean(), compute: fc.boolean() }),
    {
      minLength: punches.length,
      maxLength: punches.length,
    },
  );
  return fc.tuple(order, cut, order, cut);
});

async function deliver(
  who: Person,
  punches: readonly Told[],
  cuts: readonly { size: number; twice: boolean; compute: boolean }[],
) {
  let from = 0;
  for (const { size, twice, compute } of cuts) {
    const part = punches.slice(from, from + size);
    from += size;
    if (part.length === 0) break;
    const body = {
      punches: part.map(({ type, at }) => ({
        employeeId: who.id,
        type,
        timestamp: new Date(at * 1000).toISOString(),
        deviceId: 'terminal-1',
      })),
    };
    for (let time = 0; time < (twice ? 2 : 1); time += 1) {
      expect((await acme.admin.api.post('/api/punches/batch', body)).status).toBe(200);
    }
    if (compute) await days.compute();
  }
  await days.compute();
}

/** The records of a person without what names a row: ids of punches, which differ from person to person. */
const namelessly = async (who: Person) =>
  (await days.records())
    .filter((row) => row['employee_id'] === who.id)
    .map((row) => [
      row['work_date'],
      String(row['record']).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'),
      row['due_at'],
    ]);

it('late, duplicated and reordered delivery ends in the same bytes, and a full rebuild changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async ([oneOrder, oneCut, otherOrder, otherCut]) => {
      const [one, other] = await Promise.all([acme.person({}), acme.person({})]);
      await deliver(one, oneOrder, oneCut);
      await deliver(other, otherOrder, otherCut);
      expect(await namelessly(one)).toEqual(await namelessly(other));

      const before = await days.records();
      const exceptions = () =>
        server.database.sql(
          `SELECT * FROM attendance_exceptions WHERE tenant_id = $1 AND status <> 'cleared' ORDER BY employee_id, work_date, code, anchor`,
          [acme.id],
        );
      const open = await exceptions();
      await server.database.sql(
        `INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT DISTINCT tenant_id, employee_id, work_date FROM day_records WHERE tenant_id = $1`,
        [acme.id],
      );
      expect((await days.compute()).changed).toBe(0);
      expect(await exceptions()).toEqual(open);

      await server.database.sql(
        `WITH gone AS (DELETE FROM day_records WHERE tenant_id = $1 AND employee_id = ANY ($2) RETURNING tenant_id, employee_id)
         INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT DISTINCT tenant_id, employee_id, d::date FROM gone
           CROSS JOIN unnest(ARRAY['2026-02-22', '2026-03-12']::date[]) d`,
        [acme.id, [one.id, other.id]],
      );
      await days.compute();
      expect(await days.records()).toEqual(before);
    }),
    { numRuns: runs(20) },
  );
});
