import path from 'node:path';
import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { ownerDataSource } from '../../src/database/migrating/owner-data-source';
import { TestDatabase } from '../support/database';

let database: TestDatabase;
let orm: DataSource;
beforeAll(async () => {
  database = await TestDatabase.create();
  const entities = [path.join(__dirname, '../../src/**/*.entity.ts')];
  orm = await ownerDataSource({ connectionString: database.urls.owner }, entities).initialize();
});
afterAll(async () => {
  await orm.destroy();
  await database.drop();
});

const columnsWhere = (may: (column: ColumnMetadata) => boolean) =>
  orm.entityMetadatas
    .flatMap(({ tableName, columns }) => columns.filter(may).map(({ databaseName }) => `${tableName}.${databaseName}`))
    .sort();
const granted = async (right: 'INSERT' | 'UPDATE') =>
  (
    await database.sql<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.column_privileges
       WHERE grantee = 'rollcall_runtime' AND privilege_type = $1 AND table_name = ANY ($2) ORDER BY 1`,
      [right, orm.entityMetadatas.map(({ tableName }) => tableName)],
    )
  ).map(({ name }) => name);

describe('the entities', () => {
  it('say what the schema says: TypeORM would change nothing', async () => {
    const { upQueries } = await orm.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('name in an INSERT the columns that the login may insert, and in an UPDATE those that it may change', async () => {
    expect(columnsWhere(({ isInsert }) => isInsert)).toEqual(await granted('INSERT'));
    expect(columnsWhere(({ isUpdate }) => isUpdate)).toEqual(await granted('UPDATE'));
  });

  it('have no relation that loads, saves or deletes anything along with a row', () => {
    expect(orm.entityMetadatas.flatMap(({ relations }) => relations.map(({ propertyPath }) => propertyPath))).toEqual(
      [],
    );
  });
});
