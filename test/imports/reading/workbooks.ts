import { crc32, deflateRawSync } from 'node:zlib';

/** A zip of the given parts, written by hand so that a test can also make one that lies. */
export function zip(parts: Readonly<Record<string, string | Buffer>>, claimedSize?: number): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw);
    const size = claimedSize ?? raw.length;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(checksum(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}

/** Node 20.19 has crc32 in zlib, its types do not promise a number for every input. */
function checksum(raw: Buffer): number {
  return crc32(raw) >>> 0;
}

/** A cell: a text, a number with the index of its format, a formula with or without its value or with its error, or a text stored in the cell. */
export type Cell =
  | string
  | { readonly value: number; readonly style?: number }
  | { readonly formula: string; readonly value?: number; readonly style?: number }
  | { readonly formula: string; readonly error: string }
  | { readonly inline: string }
  | null;

/** Formats by index: 0 general, 1 date, 2 date and time, 3 time, 4 `[h]:mm`, 5 `000000`. */
const STYLES = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/>
<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="000000"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>
<xf numFmtId="20"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`;

/** A workbook with the sheets given by name, each with these cells merged; texts are shared as Excel shares them. */
export function workbook(
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
  is1904 = false,
  merged: readonly string[] = [],
): Buffer {
  const texts: string[] = [];
  const names = Object.keys(sheets);
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${names
      .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`)
      .join('')}</Relationships>`,
    'xl/styles.xml': STYLES,
  };
  for (const [index, rows] of Object.values(sheets).entries()) {
    parts[`xl/worksheets/sheet${index + 1}.xml`] = sheetXml(rows, texts, merged);
  }
  parts['xl/sharedStrings.xml'] = `<sst>${texts
    .map((text) => `<si><r><t>${escaped(text)}</t></r><rPh><t>hint</t></rPh></si>`)
    .join('')}</sst>`;
  return zip(parts);
}

function sheetXml(rows: readonly (readonly Cell[])[], texts: string[], merged: readonly string[]): string {
  const ranges = merged.map((range) => `<mergeCell ref="${range}"/>`).join('');
  const list = ranges === '' ? '' : `<mergeCells count="${merged.length}">${ranges}</mergeCells>`;
  const cellXml = (cell: Cell, reference: string) => {
    if (cell === null) return '';
    if (typeof cell === 'string') return `<c r="${reference}" t="s"><v>${texts.push(cell) - 1}</v></c>`;
    if ('inline' in cell) return `<c r="${reference}" t="inlineStr"><is><t>${escaped(cell.inline)}</t></is></c>`;
    if ('error' in cell)
      return `<c r="${reference}" t="e"><f>${escaped(cell.formula)}</f><v>${escaped(cell.error)}</v></c>`;
    const formula = 'formula' in cell ? `<f>${escaped(cell.formula)}</f>` : '';
    const value = cell.value === undefined ? '' : `<v>${cell.value}</v>`;
    return `<c r="${reference}" s="${cell.style ?? 0}">${formula}${value}</c>`;
  };
  const rowXml = (row: readonly Cell[], index: number) =>
    `<row r="${index + 1}">${row.map((cell, at) => cellXml(cell, `${columnName(at)}${index + 1}`)).join('')}</row>`;
  return `<?xml version="1.0"?><worksheet><sheetData>${rows.map(rowXml).join('')}</sheetData>${list}</worksheet>`;
}

function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${columnName(Math.floor(index / 26) - 1)}${last}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
