import { ImportFileError } from './errors';

export const ZIP = Buffer.from('PK\x03\x04', 'latin1');
/** The container of old Office files, and of new ones behind a password. */
export const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** What people choose by mistake, by the bytes it begins with. */
const FOREIGN: readonly (readonly [name: string, start: string])[] = [
  ['a PDF document', '%PDF'],
  ['a PNG image', '\x89PNG'],
  ['a JPEG image', '\xff\xd8\xff'],
  ['a GIF image', 'GIF8'],
  ['a gzip archive', '\x1f\x8b'],
  ['a RAR archive', 'Rar!'],
  ['a 7-Zip archive', '7z\xbc\xaf'],
  ['a text document (RTF)', '{\\rtf'],
  ['an empty zip archive', 'PK\x05\x06'],
];

/** Throws not_a_table or encrypted_workbook for a file that is plainly something else. */
export function refuseForeignFormats(head: Buffer): void {
  for (const [name, start] of FOREIGN) {
    if (head.subarray(0, start.length).toString('latin1') === start) {
      throw new ImportFileError('not_a_table', `The file is ${name}.`);
    }
  }
  if (head.subarray(0, OLE.length).equals(OLE)) refuseOle(head);
  if (head.subarray(0, ZIP.length).equals(ZIP) && !couldBeWorkbook(head)) {
    throw new ImportFileError('not_a_table', 'The file is a zip archive or document, but no workbook.');
  }
}

/** `directory` is any part of the file that holds its list of streams. Never returns. */
export function refuseOle(directory: Buffer): never {
  if (directory.includes(ENCRYPTED)) throw new ImportFileError('encrypted_workbook');
  throw new ImportFileError('not_a_table', 'The file is an old Office file (such as .xls).');
}

/** Names of zip members stand in clear before their data; a document of another kind has folders of its own. */
function couldBeWorkbook(head: Buffer): boolean {
  if (head.includes('word/') || head.includes('ppt/') || head.includes('opendocument')) return false;
  return head.includes('[Content_Types].xml') || head.includes('xl/') || head.includes('_rels/');
}
