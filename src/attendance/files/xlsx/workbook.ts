import { zipOf } from './zip';

/** Rows of a sheet below the headings. */
export const MAX_SHEET_ROWS = 1_048_575;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const frame: readonly (readonly [name: string, xml: string])[] = [
  [
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
      `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ],
];

type Cell = string | number | null | undefined;

/** A row of a sheet. Texts are stored as texts, so none is run as a formula. */
export function sheetRow(cells: readonly Cell[]): string {
  const written = cells.map((cell) => {
    if (cell === null || cell === undefined) return '<c/>';
    if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
    return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`;
  });
  return `<row>${written.join('')}</row>`;
}

/** Also in SQL: see sql/encoding.ts. */
function xmlText(text: string): string {
  return (
    text
      .slice(0, 32_767)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('\r', '&#13;')
      // What XML may not hold: controls of C0 that are no white space, and two characters that are none.
      .replaceAll(/(?![\t\n\r\u007f-\u009f])[\p{Cc}\ufffe\uffff]/gu, '')
      .replaceAll(/_(x[0-9a-f]{4}_)/gi, '_x005F_$1')
  );
}

/** A workbook of one sheet as it flows; `rows` are texts of `sheetRow`s. */
export function workbookOf(headings: readonly string[], rows: AsyncIterable<string>): AsyncGenerator<Buffer> {
  async function* sheet() {
    yield `${XML}<worksheet xmlns="${MAIN}"><sheetData>${sheetRow(headings)}`;
    yield* rows;
    yield '</sheetData></worksheet>';
  }
  return zipOf([
    ...frame.map(([name, xml]) => ({ name, parts: [XML + xml] })),
    { name: 'xl/worksheets/sheet1.xml', parts: sheet() },
  ]);
}
