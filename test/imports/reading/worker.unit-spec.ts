import { readSheet } from '../../../src/attendance/imports/reading/xlsx/read-sheet';
import { refusal, withFile } from './scene';
import { workbook } from './workbooks';

const plain = workbook({
  A: [
    ['pin', 'time'],
    ['1', { value: 46_027.3125, style: 2 }],
  ],
});
/** 30,000 texts of 1,000 characters: within every bound, and more than a thread of 32 MB can hold. */
const heavy = workbook({ A: Array.from({ length: 30_000 }, (_, n) => [`${n} ${'x'.repeat(1_000)}`]) });

/** More pieces than are sent ahead of whoever reads them. */
const long = workbook({ A: Array.from({ length: 6_000 }, (_, n) => [`${n} ${'x'.repeat(1_000)}`]) });

async function rowsOf(file: string, memoryMb?: number): Promise<number> {
  const { pieces } = await readSheet(file, { memoryMb });
  let count = 0;
  for await (const { rows } of pieces) count += rows.length;
  return count;
}

describe('A2: a workbook is read in a thread of its own', () => {
  it('which runs out of its memory alone: the file is refused, the one beside it is read', () =>
    withFile(heavy, (large) =>
      withFile(plain, async (small) => {
        const [refused, read] = await Promise.all([refusal(rowsOf(large, 32)), rowsOf(small)]);
        expect([refused, read]).toEqual(['workbook_too_large', 2]);
        expect(await rowsOf(large)).toBe(30_000);
      }),
    ));

  it('which is ended where the rest of the sheet is not wanted, and gives its place to the next', () =>
    withFile(long, async (file) => {
      for (let n = 0; n < 5; n += 1) {
        for await (const { rows } of (await readSheet(file, {})).pieces) {
          expect(rows.length).toBeGreaterThan(0);
          break;
        }
      }
    }));

  it('one of a few at a time: more of them wait for their turn', () =>
    withFile(plain, async (file) => {
      expect(await Promise.all(Array.from({ length: 6 }, () => rowsOf(file)))).toEqual(Array<number>(6).fill(2));
    }));

  it('which says why where the file has gone', async () => {
    expect(await refusal(rowsOf('/nowhere/at/all'))).toBe('truncated');
  });
});
