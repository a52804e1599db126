import { getRepositoryToken } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ExportLayout } from '../../src/attendance/exports/layouts/layout.entity';
import { statement } from '../../src/database/statement';
import { UnitOfWork } from '../../src/database/unit-of-work';
import { Problem } from '../../src/http/problems/problem';
import { DatabaseMetrics } from '../../src/metrics/instruments/database-metrics';
import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';

const { server, tenant: acme } = tenantForFile({}, startServer);
let work: UnitOfWork;
let layouts: Repository<ExportLayout>;
beforeAll(() => {
  work = server.app.get(UnitOfWork, { strict: false });
  layouts = server.app.get<Repository<ExportLayout>>(getRepositoryToken(ExportLayout), { strict: false });
});

const own = () => ({ tenantId: acme.id });
const aLayout = (name: string) => ({
  ...own(),
  name,
  definition: {} as ExportLayout['definition'],
  createdBy: acme.id,
});
const insert = (tx: Parameters<Parameters<UnitOfWork['write']>[1]>[0], name: string) =>
  tx.repository(layouts).createQueryBuilder().insert().values(aLayout(name)).execute();

/** The least of five goes: the counter is the process's, whose workers ask the database in between. */
async function exchangesOf(work: () => Promise<unknown>): Promise<number> {
  const goes: number[] = [];
  for (let go = 0; go < 5; go += 1) goes.push(await exchangesDuring(work));
  return Math.min(...goes);
}

async function exchangesDuring(work: () => Promise<unknown>): Promise<number> {
  const counter = server.app.get(DatabaseMetrics, { strict: false }).exchanges;
  const count = async () => (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
  const before = await count();
  await work();
  return (await count()) - before;
}

describe('a repository', () => {
  it('sees the tenant of the transaction that binds it, and shares an exchange with the statements beside it', async () => {
    const tenant = statement('test.tenant', 'SELECT current_tenant() AS id');
    const exchanges = await exchangesOf(() =>
      work.read(acme.id, async (tx) => {
        const [row, count] = await Promise.all([tx.row(tenant), tx.repository(layouts).countBy(own())]);
        expect([row, count]).toEqual([{ id: acme.id }, 0]);
      }),
    );
    expect(exchanges).toBe(2);
  });

  it('is an error outside of a unit of work', async () => {
    await expect(layouts.find()).rejects.toThrow('Only a unit of work hands out connections');
  });

  it('opens no transaction of its own', async () => {
    const nested = work.write(acme.id, (tx) => tx.repository(layouts).manager.transaction(() => Promise.resolve()));
    await expect(nested).rejects.toMatchObject({ code: 'internal_error' });
  });

  it('is undone with the part of the transaction that was refused, and the rest stays', async () => {
    const refused = await work.writeWithSavepoint(acme.id, async (guarded) => {
      const { tx } = guarded;
      await insert(tx, 'stays');
      return guarded.attempt(async () => {
        await insert(tx, 'goes');
        throw new Problem('conflict', 'refused by the domain');
      });
    });
    expect(refused).toMatchObject({ code: 'conflict' });
    const names = await server.database.sql('SELECT name FROM export_layouts');
    expect(names).toEqual([{ name: 'stays' }]);
  });

  it('lets the failure of a statement through without its parameters', async () => {
    const twice = work.write(acme.id, (tx) => insert(tx, 'stays'));
    const problem = await twice.then(
      () => undefined,
      (error: unknown) => error as Problem,
    );
    expect(problem?.code).toBe('internal_error');
    expect(JSON.stringify([problem, problem?.extras.cause, String(problem?.extras.cause)])).not.toContain('stays');
  });

  it('has its statements prepared by name', async () => {
    const [named] = await work.read(acme.id, async (tx) => {
      await tx.repository(layouts).findBy(own());
      return tx.rows(
        statement('test.prepared', `SELECT count(*)::int AS n FROM pg_prepared_statements WHERE name LIKE 'orm.%'`),
      );
    });
    expect(named?.['n']).toBeGreaterThan(0);
  });
});
