import { ImportFileError } from '../../../src/attendance/imports/reading/errors';
import { allRows, inspected } from './scene';
import { workbook, zip } from './workbooks';

const WORKBOOK = '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>';
const SHEET =
  '<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>';
const PARTS = {
  '[Content_Types].xml': '<Types/>',
  'xl/workbook.xml': WORKBOOK,
  'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="sheet.xml"/></Relationships>',
  'xl/sheet.xml': SHEET,
  'xl/sharedStrings.xml': '<sst><si><t>pin</t></si><si><t>time</t></si></sst>',
};
/** Packs too well for a file that is let through by its ratio; that is another test. */
const ANY_RATIO = { limits: { unpackedBytes: 1 << 30, ratio: 1e9, ratioFromBytes: 0 } };

const styles = (cells: number, codes = '') =>
  `<styleSheet><numFmts>${codes}</numFmts><cellXfs>${'<xf/>'.repeat(cells)}</cellXfs></styleSheet>`;
const numbered = (count: number, element: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => element(n)).join('');
const texts = (inner: string) => `<sst><si><t>pin</t></si><si><t>time</t></si>${inner}</sst>`;
const sheet = (inner: string) => SHEET.replace('</sheetData>', `${inner}</sheetData>`);

/** What a file with these parts is answered, detail included. */
async function answer(parts: Readonly<Record<string, string | Buffer>>, read: typeof allRows | typeof inspected) {
  try {
    // A thousand sheets are not looked at one by one: the sheet has to be named.
    await read(zip({ ...PARTS, ...parts }), { ...ANY_RATIO, sheet: 'A' });
    return 'accepted';
  } catch (error) {
    if (error instanceof ImportFileError) return error.message;
    throw error;
  }
}

describe('A2: a workbook is refused for more of a kind than a workbook has:', () => {
  it.each([
    ['65,490 cell formats', { 'xl/styles.xml': styles(65_490) }, { 'xl/styles.xml': styles(65_491) }],
    [
      '10,000 number formats',
      {
        'xl/styles.xml': styles(
          1,
          numbered(10_000, (n) => `<numFmt numFmtId="${n}" formatCode="0"/>`),
        ),
      },
      {
        'xl/styles.xml': styles(
          1,
          numbered(10_001, (n) => `<numFmt numFmtId="${n}" formatCode="0"/>`),
        ),
      },
    ],
    [
      '1,000 characters',
      { 'xl/styles.xml': styles(1, `<numFmt numFmtId="9" formatCode="${'['.repeat(1_000)}"/>`) },
      { 'xl/styles.xml': styles(1, `<numFmt numFmtId="9" formatCode="${'['.repeat(1_001)}"/>`) },
    ],
    [
      '1,000 sheets',
      { 'xl/workbook.xml': WORKBOOK.replace('</sheets>', `${'<sheet name="B" r:id="r1"/>'.repeat(999)}</sheets>`) },
      { 'xl/workbook.xml': WORKBOOK.replace('</sheets>', `${'<sheet name="B" r:id="r1"/>'.repeat(1_000)}</sheets>`) },
    ],
    [
      '10,000 relationships',
      {},
      {
        'xl/_rels/workbook.xml.rels': `<Relationships>${numbered(10_001, (n) => `<Relationship Id="${n}" Target="t"/>`)}</Relationships>`,
      },
    ],
    ['10,000 parts', {}, Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`xl/media/${n}`, '']))],
    [
      '200 MB',
      { 'xl/sharedStrings.xml': texts('<si/>'.repeat(100_000)) },
      { 'xl/sharedStrings.xml': texts('<si/>'.repeat(5_100_000)) },
    ],
    [
      '100 levels',
      { 'xl/sheet.xml': sheet(`${'<x>'.repeat(90)}${'</x>'.repeat(90)}`) },
      { 'xl/sheet.xml': sheet('<x>'.repeat(1_000_000)) },
    ],
    [
      '1,048,576 rows',
      { 'xl/sheet.xml': sheet('<row r="1048576"/>') },
      { 'xl/sheet.xml': sheet('<row r="1048577"/>') },
    ],
    [
      '1,048,576 rows',
      { 'xl/sheet.xml': sheet('<row/>'.repeat(1_000)) },
      { 'xl/sheet.xml': sheet('<row/>'.repeat(1_048_576)) },
    ],
    ['xl/styles.xml unpacks', {}, { 'xl/styles.xml': Buffer.alloc((64 << 20) + 1, 32) }],
  ])('%s', async (kind, most, more) => {
    expect(await answer(most, inspected)).toBe('accepted');
    expect(await answer(more, inspected)).toMatch(new RegExp(`^workbook_too_large: .*${kind}.*Save the sheet as CSV`));
  });

  it('a text of many parts ends where a cell ends, and costs the cell that has it, not the others', async () => {
    const endless = `<si>${'<r><t>many a text</t></r>'.repeat(200_000)}</si>`;
    expect(await answer({ 'xl/sharedStrings.xml': texts(endless) }, allRows)).toBe('accepted');
    const used = sheet('<row><c t="s"><v>2</v></c></row>');
    expect(await answer({ 'xl/sharedStrings.xml': texts(endless), 'xl/sheet.xml': used }, allRows)).toMatch(
      /^cell_too_long: See row 3/,
    );
  });

  it('a row that names no row, or one behind it, is the next row', async () => {
    const rows = (told: string) => `<row r="${told}"><c><v>3</v></c></row>`;
    for (const told of ['x', '-4', '1', '1.5', '']) {
      const content = zip({ ...PARTS, 'xl/sheet.xml': sheet(rows(told)) });
      expect([told, (await allRows(content)).map(({ line }) => line)]).toEqual([told, [2, 3]]);
    }
  });

  it('and a large one that is none of this is read', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => [`person ${n}`, { value: 46_027 + n / 96, style: 2 }]);
    expect(await allRows(workbook({ A: [['pin', 'time'], ...rows] }))).toHaveLength(3_000);
  });
});
