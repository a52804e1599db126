import { Client } from '../support/client';
import { failingPunches } from '../support/faults';
import { type Cluster, openCluster } from './cluster';
import { aKey, terminalPunch } from './scene';
import { until } from '../support/until';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

it('IDM-45: the log holds neither keys nor bodies, the database no keys', async () => {
  const server = await cluster.start({ LOG_LEVEL: 'trace' });
  const acme = await cluster.world.tenant();
  const [key, deviceId] = [`canary-key-${aKey()}`, `canary-body-${aKey()}`];
  const api = new Client(server.url, acme.admin.token);
  const tell = (by: string, more = {}) =>
    api.post('/api/punches', { ...terminalPunch(acme.employee), deviceId, ...more }, { key: by });
  const statuses = [await tell(key), await tell(key), await tell(key, { type: 'out' }), await tell(`${key}\u00e9`)];
  expect(statuses.map((reply) => reply.status)).toEqual([201, 201, 422, 400]);
  expect((await tell(key, { type: 'lunch' })).status).toBe(400);
  const broken = await failingPunches(cluster.database, acme.employee);
  const failed = await tell(`${key}-2`);
  expect(failed.status).toBe(500);
  await broken.lift();
  // Both the log and the request trail are written in blocks.
  const id = failed.headers.get('x-request-id') ?? '';
  await until(() => server.output.includes(id), 'the log has it');
  await until(() => cluster.database.count('operation_logs', 'request_id = $1', [id]), 'the trail has it');
  expect(server.output).not.toMatch(/canary-(key|body)/);
  for (const table of ['idempotency_keys', 'audit_logs', 'operation_logs'])
    expect([table, await cluster.database.count(`${table} t`, "t::text LIKE '%canary-key%'")]).toEqual([table, 0]);
});
