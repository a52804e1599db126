import type { Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { ImportFileError } from '../errors';
import { boundCount, boundName } from './bounds';
import { readCellFormats, type CellFormat } from './cell-formats';
import { readSharedTexts } from './shared-texts';
import { readXml } from './xml';

/** A million rows of six columns unpack to about 400 MB; a bomb to as much as the disk takes. */
export interface WorkbookLimits {
  readonly unpackedBytes: number;
  /** Unpacked by packed, looked at beyond `ratioFromBytes`: small parts of real workbooks pack very well. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}
const LIMITS: WorkbookLimits = { unpackedBytes: 1 << 30, ratio: 100, ratioFromBytes: 16 << 20 };
/** The most bytes of a part that is kept while the sheet is read, unpacked. A million texts of a million rows take 60 MB. */
const KEPT_PARTS = new Map([
  ['xl/sharedStrings.xml', 256 << 20],
  ['xl/styles.xml', 64 << 20],
  ['xl/workbook.xml', 16 << 20],
  ['xl/_rels/workbook.xml.rels', 16 << 20],
]);
/** Names, extra fields and comments of parts, which are kept as long as the workbook is open. */
const LARGEST_DIRECTORY = 4 << 20;

/** One sheet, ready to be streamed, with what its cells refer to. */
export interface Sheet {
  readonly open: () => Promise<Readable>;
  readonly totalBytes: number;
  readonly sharedTexts: readonly string[];
  readonly formats: readonly CellFormat[];
  /** Days between 1970-01-01 and the day that the workbook calls 0: it counts from 1900 or from 1904. */
  readonly epochDays: number;
}

interface Workbook {
  readonly sheets: readonly string[];
  /** The sheet of that name, the first without one. */
  readonly sheet: (name?: string) => Promise<Sheet>;
  readonly close: () => void;
}

/**
 * Opens a workbook from the directory at the end of the zip and refuses it before anything is unpacked where it says
 * that it grows too large; where it lies about that, unpacking stops at the size it named.
 * Throws truncated, not_a_table, workbook_too_large. The caller closes it.
 */
export async function openWorkbook(path: string, limits: WorkbookLimits = LIMITS): Promise<Workbook> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false }).catch(damaged);
  try {
    const parts = await partsOf(zip, limits);
    const open = (name: string) => partStream(zip, parts, name);
    const { sheets, is1904 } = await readSheets(open);
    return {
      sheets: sheets.map(({ name }) => name),
      close: () => {
        zip.close();
      },
      sheet: async (name) => {
        const found = name === undefined ? sheets[0] : sheets.find((sheet) => sheet.name === name);
        const part = found && parts.get(found.part);
        if (!found && name !== undefined)
          throw new ImportFileError('several_sheets', `The workbook has no sheet of the name ${name.slice(0, 40)}.`);
        if (!found || !part) throw new ImportFileError('truncated', 'The sheet is not in the workbook.');
        return {
          open: () => partStream(zip, parts, found.part),
          totalBytes: part.uncompressedSize,
          sharedTexts: parts.has('xl/sharedStrings.xml')
            ? await readSharedTexts(await open('xl/sharedStrings.xml'))
            : [],
          formats: parts.has('xl/styles.xml') ? await readCellFormats(await open('xl/styles.xml')) : [],
          epochDays: is1904 ? -24_107 : -25_569,
        };
      },
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

const tooLarge = (found: string) => new ImportFileError('workbook_too_large', found);

function damaged(): never {
  throw new ImportFileError('truncated');
}

async function partsOf(zip: ZipFile, limits: WorkbookLimits): Promise<Map<string, Entry>> {
  const parts = new Map<string, Entry>();
  let unpacked = 0;
  let count = 0;
  let directory = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      boundCount('parts', (count += 1));
      const name = boundName(entry.fileName.replace(/^\//, ''));
      parts.set(name, entry);
      directory += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (directory > LARGEST_DIRECTORY)
        throw tooLarge(`The directory of the archive has more than ${directory} bytes.`);
      if (entry.uncompressedSize > (KEPT_PARTS.get(name) ?? Infinity))
        throw tooLarge(`Its part ${name} unpacks to ${entry.uncompressedSize} bytes.`);
      unpacked += entry.uncompressedSize;
      const ratio = unpacked / Math.max(1, zip.fileSize);
      const isBomb = unpacked > limits.ratioFromBytes && ratio > limits.ratio;
      if (unpacked > limits.unpackedBytes || isBomb) throw tooLarge(`It unpacks to ${unpacked} bytes or more.`);
    }
  } catch (error) {
    if (error instanceof ImportFileError) throw error;
    damaged();
  }
  if (!parts.has('xl/workbook.xml')) throw new ImportFileError('not_a_table', 'The zip archive holds no workbook.');
  return parts;
}

async function partStream(zip: ZipFile, parts: ReadonlyMap<string, Entry>, name: string): Promise<Readable> {
  const entry = parts.get(name);
  if (!entry) return damaged();
  if (entry.isEncrypted()) throw new ImportFileError('encrypted_workbook');
  return zip.openReadStreamPromise(entry).catch(damaged);
}

async function readSheets(open: (name: string) => Promise<Readable>) {
  const named: { name: string; id: string }[] = [];
  let is1904 = false;
  for await (const _ of readXml(await open('xl/workbook.xml'), {
    open: (name, attributes) => {
      if (name === 'sheet') {
        const id = boundName(attributes['r:id'] ?? attributes.id ?? '');
        boundCount('sheets', named.push({ name: boundName(attributes.name ?? ''), id }));
      }
      if (name === 'workbookPr') is1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    },
  }));
  const targets = new Map<string, string>();
  for await (const _ of readXml(await open('xl/_rels/workbook.xml.rels'), {
    open: (name, { Id: id, Target: target }) => {
      if (name !== 'Relationship' || id === undefined || target === undefined) return;
      boundCount('relationships', targets.set(boundName(id), boundName(target)).size);
    },
  }));
  const partOf = (id: string) => {
    const target = targets.get(id) ?? '';
    return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
  };
  return { is1904, sheets: named.map(({ name, id }) => ({ name, part: partOf(id) })) };
}
