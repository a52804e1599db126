import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import nodePath from 'node:path';
import { inspectFile } from '../../src/attendance/imports/reading/inspect';
import { readRows } from '../../src/attendance/imports/reading/read-rows';
import { startServer, type TestServer } from '../support/server';
import { exported, manyPunches } from './scene';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(nodePath.join(os.tmpdir(), 'rollcall-xlsx-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the reader of imports makes of a workbook. */
async function readBack(bytes: Buffer): Promise<string[][]> {
  const file = nodePath.join(folder, 'export.xlsx');
  await writeFile(file, bytes);
  const detected = await inspectFile(file);
  expect(detected.format).toBe('xlsx');
  const rows: string[][] = [];
  for await (const batch of readRows(file, detected)) rows.push(...batch.map((row) => [...row.cells]));
  return rows;
}

it('a workbook reads back: texts as texts, numbers as numbers, every row', async () => {
  const acme = await server.world.tenant();
  const name = '=1+1 <b>"Größe" & 𝟏\r\nline  ';
  await server.database.sql(`UPDATE users SET employee_number = '000123', name = $2 WHERE id = $1`, [
    acme.employee.id,
    name,
  ]);
  await manyPunches(server, acme, acme.employee, 4500);
  await server.database.sql('UPDATE users SET name = name || $2 WHERE id = $1', [acme.employee.id, '\u0001']);
  const { status, headers, bytes } = await exported(server, acme.admin, { kind: 'punches', format: 'xlsx' });
  expect([status, headers.get('content-type')]).toEqual([
    200,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ]);
  const rows = await readBack(bytes);
  expect(rows).toHaveLength(4500);
  expect(rows[0]?.slice(0, 6)).toEqual([
    acme.employee.id,
    '000123',
    expect.any(String),
    'in',
    '2026-03-02T08:01:00Z',
    '2026-03-02',
  ]);
  expect(rows[0]?.[2]?.trim()).toBe(name.trim());
});

it('more rows than a sheet holds are refused before the first byte', async () => {
  const acme = await server.world.tenant();
  await manyPunches(server, acme, acme.employee, 1024);
  // Each of them 1024 times: storing a million rows would take longer than everything else.
  await server.database.sql('ALTER TABLE punches RENAME TO stored_punches');
  await server.database.sql(
    'CREATE VIEW punches AS SELECT stored_punches.* FROM stored_punches, generate_series(1, 1024)',
  );
  await server.database.sql('GRANT SELECT ON punches TO rollcall_runtime');
  const { status, text } = await exported(server, acme.admin, { kind: 'punches', format: 'xlsx' });
  expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([422, 'span_too_long']);
});
