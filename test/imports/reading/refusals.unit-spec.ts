import { detect } from '../../../src/attendance/imports/reading/detect';
import { IMPORT_FILE_REMEDIES, ImportFileError } from '../../../src/attendance/imports/reading/errors';
import { allRows, inspected, refusal } from './scene';
import { workbook, zip } from './workbooks';

const HEADER = 'employeeNumber,type,timestamp,deviceId\n';
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** A compound file whose list of streams stands behind the first 64 KiB. */
function ole(stream: string): Buffer {
  const file = Buffer.alloc(512 * 300);
  OLE.copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(280, 48);
  Buffer.from(stream, 'utf16le').copy(file, 281 * 512);
  return file;
}

describe('a file is refused as', () => {
  it.each([
    ['empty_file', 'nothing', ''],
    ['empty_file', 'blank lines', ' \n\n'],
    ['not_a_table', 'NUL bytes', Buffer.from('12\t2026-01-05\0\0\n')],
    ['not_a_table', 'a PDF', '%PDF-1.7\n'],
    ['not_a_table', 'a picture', Buffer.from('\x89PNG\r\n', 'latin1')],
    ['not_a_table', 'a photograph', Buffer.from('\xff\xd8\xff\xe0', 'latin1')],
    ['not_a_table', 'a text document', zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' })],
    ['not_a_table', 'an archive', zip({ 'punches.csv': HEADER })],
    ['not_a_table', 'an archive that looks like a workbook', zip({ '[Content_Types].xml': '<Types/>' })],
    ['not_a_table', 'an old workbook', ole('Workbook')],
    ['not_a_table', 'a web page under the name of a workbook', '<html><table></table></html>'],
    ['not_a_table', 'one JSON array', '[{"a":1},{"a":2}]'],
    ['not_a_table', 'JSON over several lines', '{\n  "a": 1\n}\n'],
    ['not_a_table', 'prose', 'Dear Sir or Madam\nplease find the hours below\n'],
    ['encrypted_workbook', 'a password', ole('EncryptedPackage')],
    ['truncated', 'half a workbook', workbook({ A: [['pin', 'time']] }).subarray(0, 600)],
    ['truncated', 'broken XML', zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook><sheets>' })],
    ['too_many_columns', 'a row of 1,001 cells', `${HEADER}${'x,'.repeat(1_000)}x\n`],
    ['cell_too_long', 'a cell of 32,768 characters', `${HEADER}${'x'.repeat(32_768)},in,2026-01-05T07:30:00,door\n`],
  ])('%s: %s', async (code, _, content) => {
    expect(await refusal(inspected(content))).toBe(code);
  });

  it('workbook_too_large: a bomb by its size and by its ratio, before anything is unpacked', async () => {
    const content = workbook({ A: Array.from({ length: 500 }, () => ['pin', 'time']) });
    const generous = { unpackedBytes: 1e9, ratio: 1e9, ratioFromBytes: 0 };
    expect(await refusal(inspected(content, { limits: generous }))).toBe('accepted');
    expect(await refusal(inspected(content, { limits: { ...generous, unpackedBytes: 1_000 } }))).toBe(
      'workbook_too_large',
    );
    expect(await refusal(inspected(content, { limits: { ...generous, ratio: 3 } }))).toBe('workbook_too_large');
    const zeros = zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': Buffer.alloc(40_000_000, 32) });
    expect(await refusal(inspected(zeros))).toBe('workbook_too_large');
  });

  it('truncated: a workbook that unpacks to more than it says', async () => {
    const parts = {
      '[Content_Types].xml': '<Types/>',
      'xl/workbook.xml': `<workbook>${' '.repeat(100_000)}</workbook>`,
    };
    expect(await refusal(inspected(zip(parts, 100)))).toBe('truncated');
  });

  it('too_many_columns and cell_too_long wherever they stand', async () => {
    const good = '1,in,2026-01-05T07:30:00,door\n'.repeat(5_000);
    expect(await refusal(allRows(`${HEADER}${good}${'x,'.repeat(1_000)}x\n`))).toBe('too_many_columns');
    expect(await refusal(allRows(`${HEADER}${good}1,in,${'x'.repeat(40_000)},door\n`))).toBe('cell_too_long');
    expect(await refusal(allRows(`${HEADER}${good}"1,in\n${good.repeat(20)}`))).toBe('cell_too_long');
    const wide = Array.from({ length: 1_002 }, () => 'x');
    expect(await refusal(inspected(workbook({ A: [['pin', 'time'], wide] })))).toBe('too_many_columns');
  });

  it('with a detail that says the remedy', () => {
    for (const [code, remedy] of Object.entries(IMPORT_FILE_REMEDIES))
      expect([code, remedy]).toEqual([code, expect.stringMatching(/[A-Z].*\. .*\.$/)]);
    expect(() => detect(Buffer.from('%PDF'))).toThrow(ImportFileError);
    expect(() => detect(Buffer.from('%PDF'))).toThrow('The file is a PDF document. Only CSV, XLSX');
  });
});
