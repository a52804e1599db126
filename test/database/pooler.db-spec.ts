import { TestDatabase } from '../support/database';
import { stateBehind } from './pooler-scene';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

it('a connection without a pooler is not suspected', async () => {
  expect(await stateBehind(database.urls.runtime)).toMatchObject({ missingMigrations: 0 });
});
