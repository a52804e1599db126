import { rm } from 'node:fs/promises';
import { z } from 'zod';

export default async function teardown(): Promise<void> {
  await globalThis.rollcallCluster?.stop();
  const { dataDir } = z.object({ dataDir: z.string() }).parse(JSON.parse(process.env['ROLLCALL_TEST_CLUSTER'] ?? '{}'));
  await rm(dataDir, { recursive: true, force: true });
}
