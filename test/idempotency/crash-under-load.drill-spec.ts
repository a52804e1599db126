import { type Cluster, openCluster } from './cluster';
import { killUnderLoad } from './kills';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

describe('kill -9', () => {
  it('IDM-30: under load: no effect twice, no answer lost, no key blocked', async () => {
    await killUnderLoad(cluster, await cluster.world.tenant(), 1);
  });
});
