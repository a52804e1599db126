import type { Readable } from 'node:stream';
import { boundCount, boundName } from './bounds';
import { readXml } from './xml';

/** How a number is shown, as far as it changes what the number means. `zeros`: filled up to so many digits. */
export type CellFormat =
  | { readonly shows: 'number' }
  | { readonly shows: 'date' }
  | { readonly shows: 'time' }
  | { readonly shows: 'duration' }
  | { readonly shows: 'zeros'; readonly digits: number };

/** The formats in the order in which cells refer to them. Throws workbook_too_large. */
export async function readCellFormats(stream: Readable): Promise<CellFormat[]> {
  const codes = new Map<number, string>();
  const formats: CellFormat[] = [];
  let isInCells = false;
  for await (const _ of readXml(stream, {
    open: (name, attributes) => {
      const id = Number(attributes.numFmtId ?? 0);
      if (name === 'numFmt') boundCount('number formats', codes.set(id, boundName(attributes.formatCode ?? '')).size);
      else if (name === 'cellXfs') isInCells = true;
      else if (name === 'xf' && isInCells) boundCount('cell formats', formats.push(formatOf(id, codes.get(id))));
    },
    close: (name) => {
      if (name === 'cellXfs') isInCells = false;
    },
  }));
  return formats;
}

/** Numbers below 164 are built in: 14 to 17 and 22 dates, 18 to 21 times, 27 to 36 and 50 to 58 East Asian dates. */
function formatOf(id: number, code: string | undefined): CellFormat {
  if (code !== undefined) return formatOfCode(code);
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36) return { shows: 'date' };
  if (id >= 50 && id <= 58) return { shows: 'date' };
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return { shows: 'time' };
  return id === 46 ? { shows: 'duration' } : { shows: 'number' };
}

function formatOfCode(code: string): CellFormat {
  const [first = ''] = code.split(';');
  const letters = first.replace(/"[^"]*"|\\.|_.|\*./g, '').toLowerCase();
  if (/\[[hms]+\]/.test(letters)) return { shows: 'duration' };
  const plain = letters.replace(/\[[^\]]*\]/g, '').replace('general', '');
  if (/[yd]|^m+$|mmm/.test(plain)) return { shows: 'date' };
  if (/[hs]/.test(plain)) return { shows: 'time' };
  return /^0{2,}$/.test(plain) ? { shows: 'zeros', digits: plain.length } : { shows: 'number' };
}
