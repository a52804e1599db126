import { csvCell } from '../../src/attendance/files/csv';
import { csvText, rowEncodingOf } from '../../src/attendance/exports/sql/encoding';
import { TestDatabase } from '../support/database';

const starts = ['', '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', "'", ' ', '_', '1'];
const rests = [
  '',
  '1',
  '12.5',
  '3,25',
  '1+1',
  'cmd|calc',
  'a"b',
  'a,b',
  'a;b',
  'line\r\nend',
  '٣',
  '1.',
  '.5',
  '1e5',
  '000',
  'Größe',
  '=1',
  '_x0041_',
  '<b>&',
];
const hostile = [...starts.flatMap((start) => rests.map((rest) => start + rest)), '𝟏', '\u2028', '+1\n', '-1\r\n'];

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

const written = async (sql: string, of = hostile) =>
  (
    await database.sql<{ cell: string }>(
      `SELECT ${sql} AS cell FROM unnest($1::text[]) WITH ORDINALITY t (x, n) ORDER BY n`,
      [of],
    )
  ).map((row) => row.cell);

it('writes a cell in SQL as csvCell() writes it, whatever somebody is called', async () => {
  expect(await written(csvText('x', ','))).toEqual(hostile.map((text) => csvCell(text)));
});

it('quotes the other delimiter where that one is used', async () => {
  expect(await written(csvText('x', ';'), ['a;b', 'a,b', '=a;b'])).toEqual(['"a;b"', 'a,b', `"'=a;b"`]);
});

it('writes JSON that reads back as it was', async () => {
  const { head, end } = rowEncodingOf('ndjson', ',');
  const lines = await written(`${head([{ name: 'x', sql: 'x', type: 'text' }])} || ${end}`);
  expect(lines.map((line) => JSON.parse(line) as { x: string })).toEqual(hostile.map((x) => ({ x })));
  expect(lines.filter((line) => line.trimEnd().includes('\n'))).toEqual([]);
});
