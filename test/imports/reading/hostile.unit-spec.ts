import * as fc from 'fast-check';
import { ImportFileError } from '../../../src/attendance/imports/reading/errors';
import { allRows, inspected, interpreted, refusal } from './scene';
import { workbook, zip } from './workbooks';
import { expectLinear } from '../../support/cpu';
import { runs } from '../../support/runs';
import { anyText } from '../../support/any-text';

const HEADER = 'employeeNumber,type,timestamp,deviceId\n';
const GOOD = `${HEADER}007,in,2026-01-05T07:30:00,door\n`;

/** Either the file is refused with a code, or every row has an answer. */
async function isAnswered(content: string | Buffer): Promise<boolean> {
  try {
    const rows = await allRows(content);
    return rows.every(({ line }) => line > 0);
  } catch (error) {
    if (error instanceof ImportFileError) return true;
    throw error;
  }
}

describe('a file made to break the reader', () => {
  it('is refused or read, whatever its bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 }).map((each) => Buffer.from(each));
    await fc.assert(fc.asyncProperty(bytes, isAnswered), { numRuns: runs(100) });
  });

  it.each([
    ['a table', Buffer.from(GOOD.repeat(5))],
    ['a terminal file', Buffer.from('   12\t2026-01-05 07:30:00\t7\t0\t1\t53\n'.repeat(20))],
    [
      'a workbook',
      workbook({
        A: [
          ['pin', 'time'],
          ['1', { value: 46_027.3125, style: 2 }],
        ],
      }),
    ],
  ])('is refused or read when bytes of %s are changed', async (_, whole) => {
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    const changed = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
      const copy = Buffer.from(whole);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    await fc.assert(fc.asyncProperty(changed, isAnswered), { numRuns: runs(100) });
  });

  it('yields an answer for every cell', async () => {
    const cell = anyText({ maxLength: 30 }).map((text) => text.replace(/["\r\n,\0]/g, '_'));
    await fc.assert(
      fc.asyncProperty(fc.tuple(cell, cell, cell, cell), async (cells) => {
        const rows = await interpreted(`${GOOD}${cells.join(',')}x\n`);
        return rows.length === 2 && rows.every((row) => row.ok || row.errors.length > 0);
      }),
      { numRuns: runs(100) },
    );
  });

  it.each([
    ['blanks in a time', (n: number) => `${HEADER}007,in,2026-01-05${' '.repeat(n)}x,door\n`],
    ['blanks before a weekday', (n: number) => `${HEADER}007,in,${' '.repeat(n)}Monday1,door\n`],
    ['tabs in a terminal file', (n: number) => `12\t2026-01-05 07:30:00${'\t '.repeat(n)}x\n`],
    ['digits', (n: number) => `${HEADER}007,in,${'1'.repeat(n)},door\n`],
  ])('takes no time with thousands of %s', async (_, content) => {
    await expectLinear(async (size) => {
      await isAnswered(content(size));
      await interpreted(content(size)).catch(() => undefined);
    }, 20_000);
  });

  it('lets no NUL through, which PostgreSQL cannot store', async () => {
    const [row] = await interpreted('{"employeeNumber":"1\\u0000","type":"in","timestamp":"2026-01-05T07:30:00Z"}\n');
    expect(row).toMatchObject({ ok: false, errors: [{ code: 'unreadable_row', value: '1\ufffd' }] });
  });

  it('expands no entity of its own', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook><sheets>&b;</sheets></workbook>`;
    expect(await refusal(inspected(zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': bomb })))).toBe(
      'truncated',
    );
  });

  it('fills no memory with one endless text', async () => {
    const long = `<workbook>${'x'.repeat(9 << 20)}</workbook>`;
    const limits = { unpackedBytes: 1 << 30, ratio: 1e9, ratioFromBytes: 0 };
    const content = zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': long });
    expect(await refusal(inspected(content, { limits }))).toBe('cell_too_long');
  });
});
