import { randomBytes } from 'node:crypto';
import { tenantForFile } from '../support/scene';
import { workbook, zip } from './reading/workbooks';

const { server, tenant: acme } = tenantForFile();

async function upload(content: Buffer) {
  const reply = await fetch(`${server.url}/api/attendance/import/upload?filename=november.xlsx`, {
    method: 'POST',
    headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, any> };
}

/** The workbook of the finding: parts that unpack to very much, and noise beside them, so that it does not look packed too well. */
const hostile = (parts: Readonly<Record<string, string>>) =>
  zip({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="sheet.xml"/></Relationships>',
    'xl/sheet.xml': '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>',
    'xl/media/noise.png': randomBytes(3_000_000),
    ...parts,
  });
const cellFormats = (count: number) => `<styleSheet><cellXfs>${'<xf/>'.repeat(count)}</cellXfs></styleSheet>`;

describe('A2: a workbook that is made to fill the memory', () => {
  it.each([
    ['xl/styles.xml unpacks to', { 'xl/styles.xml': cellFormats(20_000_000) }],
    ['65,490 cell formats', { 'xl/styles.xml': cellFormats(12_000_000) }],
    ['texts fill', { 'xl/sharedStrings.xml': `<sst>${'<si/>'.repeat(12_000_000)}</sst>` }],
    ['levels of elements', { 'xl/sheet.xml': '<x>'.repeat(5_000_000) }],
    ['rows', { 'xl/sheet.xml': `<worksheet>${'<row/>'.repeat(5_000_000)}</worksheet>` }],
  ])('is refused because of its %s, while others are served', async (found, parts) => {
    const [refused, neighbour, alive] = await Promise.all([
      upload(hostile(parts)),
      upload(
        workbook({
          A: [
            ['employeeNumber', 'type', 'timestamp'],
            ['1', 'in', '2026-03-02 09:00'],
          ],
        }),
      ),
      acme.admin.api.get('/api/users'),
    ]);
    expect([refused.status, refused.body['code'], refused.body['errors'][0].code]).toEqual([
      422,
      'import_file_invalid',
      'workbook_too_large',
    ]);
    expect(refused.body['detail']).toMatch(new RegExp(`${found}.*Save the sheet as CSV`));
    expect([neighbour.status, alive.status]).toEqual([201, 200]);
  });
});
