import 'reflect-metadata';
import path from 'node:path';
import { loadConfig } from '../config/config';
import { openDatabase, StartError } from './access';
import { ownerDataSource } from './migrating/owner-data-source';

/**
 * The data source of TypeORM's own command line, as the owner: `npm run typeorm -- migration:show`. It joins a running embedded
 * PostgreSQL, or starts one for as long as the command lasts.
 */
export const dataSource = (async () => {
  const access = await openDatabase(loadConfig(), () => undefined);
  if (!access.owner) throw new StartError('DATABASE_OWNER_URL is needed.');
  const owner = ownerDataSource(access.owner, [path.join(__dirname, '../**/*.entity.js')]);
  const destroy = owner.destroy.bind(owner);
  owner.destroy = async () => {
    await destroy();
    await access.stop();
  };
  return owner;
})();
