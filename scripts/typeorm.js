// The data source of TypeORM's own command line, as the owner: `npm run typeorm -- migration:show`. It joins a running embedded
// PostgreSQL, or starts one for as long as the command lasts.
require('reflect-metadata');
const path = require('node:path');

const dist = path.resolve(__dirname, '../dist');
const { loadConfig } = require(`${dist}/config/config`);
const { openDatabase, StartError } = require(`${dist}/database/access`);
const { ownerDataSource } = require(`${dist}/database/migrating/owner-data-source`);

module.exports.dataSource = (async () => {
  const access = await openDatabase(loadConfig(), () => undefined);
  if (!access.owner) throw new StartError('DATABASE_OWNER_URL is needed.');
  const owner = ownerDataSource(access.owner, [`${dist}/**/*.entity.js`]);
  const destroy = owner.destroy.bind(owner);
  owner.destroy = async () => {
    await destroy();
    await access.stop();
  };
  return owner;
})();
