import { Readable } from 'node:stream';
import { assert, asyncProperty, array, constantFrom, integer } from 'fast-check';
import { csvRows } from '../../../src/attendance/imports/reading/csv-rows';
import type { Row } from '../../../src/attendance/imports/reading/row';
import { runs } from '../../support/runs';

const dialect = { delimiter: ',', headerLine: 1, width: 3 } as const;

async function read(text: string, size: number): Promise<Row[]> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const rows: Row[] = [];
  for await (const batch of csvRows(Readable.from(pieces), dialect)) rows.push(...batch);
  return rows;
}

const texts = array(constantFrom('a', '7', ',', ',', '\n', '\r\n', '\r', ' ', 'é', '签', '\0', ';'), { maxLength: 60 });

it('rows are the same whether they are cut or parsed, wherever the file is cut into pieces', () =>
  assert(
    asyncProperty(texts, integer({ min: 1, max: 40 }), integer({ min: 1, max: 40 }), async (parts, one, other) => {
      const body = parts.join('');
      const parsed = await read(`"a",b,c\n${body}`, one);
      expect(await read(`a,b,c\n${body}`, other)).toEqual(parsed);
    }),
    { numRuns: runs(500) },
  ));

it('a quotation mark far down is read with what belongs to it, on its line', async () => {
  const rows = await read(`h,h,h\n${'1,2,3\n'.repeat(5)}x,"a\nb",z\n${'4,5,6\n'.repeat(2)}`, 7);
  expect(rows.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 9, 10]);
  expect(rows[5]?.cells).toEqual(['x', 'a\nb', 'z']);
});
