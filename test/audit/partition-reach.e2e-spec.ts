import { Logger } from '@nestjs/common';
import { PartitionHorizon } from '../../src/audit/ledger/partition-horizon';
import { serverForFile } from '../support/scene';
import { startServer } from '../support/server';

const server = serverForFile({}, startServer); // it loses a partition

async function ahead(): Promise<number> {
  await server.app.get(PartitionHorizon, { strict: false }).look();
  const { text } = await server.stranger.get('/metrics');
  return Number(/^audit_partitions_ahead_seconds (.+)$/m.exec(text)?.[1]) / 86_400;
}

it('says how far the partitions of the ledger reach, and warns before they end', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  expect(await ahead()).toBeGreaterThan(360);
  expect(warn).not.toHaveBeenCalled();
  const later = await server.database.sql<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass ORDER BY 1 OFFSET 1`,
  );
  // A gap: what lies behind it does not count.
  await server.database.sql(`DROP TABLE ${later[0]?.name ?? ''}`);
  const left = await ahead();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(31);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('every write is refused'));
  warn.mockRestore();
});
