import { type Cell, workbook } from './reading/workbooks';
import { importBase, ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');

const HEADER = ['employeeNumber', 'date', 'in', 'out'];
const month = (date: string): Cell[][] => [HEADER, ['0077', date, '08:00', '16:00']];
const [october, november] = [month('2026-10-05'), month('2026-11-16')];
const cover: Cell[][] = [['Timesheets'], ['Made by the office']];
const legend: Cell[][] = [
  ['Code', 'Meaning'],
  ['U', 'Leave'],
];

async function sent(sheets: Record<string, Cell[][]>, sheet?: string) {
  const { url, token = '' } = scene.acme.admin.api;
  const query = sheet === undefined ? '' : `?sheet=${encodeURIComponent(sheet)}`;
  const answer = await fetch(`${url}${importBase}/upload${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(workbook(sheets)),
  });
  const body = (await answer.json()) as { fileId: string; detail: string; errors: { code: string }[] };
  return { status: answer.status, body };
}

describe('the sheets of a workbook', () => {
  it.each([
    ['behind a cover', { Cover: cover, November: november }],
    ['behind an empty sheet', { Empty: [], November: november }],
    ['behind a legend', { Legend: legend, November: november }],
    ['before a legend', { November: november, Legend: legend }],
    ['between others', { Cover: cover, November: november, Legend: legend, Empty: [] }],
  ] satisfies [string, Record<string, Cell[][]>][])(
    'are read where one of them has a table of times, %s',
    async (_, sheets) => {
      const { status, body } = await sent(sheets);
      expect(status).toBe(201);
      await scene.imported({ fileId: body.fileId });
      expect(await scene.paid('2026-11-16')).toMatchObject({ payableMinutes: 480 });
    },
  );

  it.each([
    ['of the same headings', { Oct: october, Nov: november }],
    ['of other headings', { Oct: october, Nov: [['pin', 'timestamp'], ...[['0077', '2026-11-16 08:00']]] }],
    ['behind a cover', { Cover: cover, Oct: october, Nov: november }],
    [
      'of the same headings that nobody knows',
      {
        Oct: [
          ['Wer', 'Wofür'],
          ['0077', 'x'],
        ],
        Nov: [
          ['Wer', 'Wofür'],
          ['0077', 'y'],
        ],
      },
    ],
  ] satisfies [string, Record<string, Cell[][]>][])(
    'are refused by name where several have a table, %s',
    async (_, sheets) => {
      const { status, body } = await sent(sheets);
      expect([status, body]).toMatchObject([422, { errors: [{ code: 'several_sheets' }] }]);
      expect(body.detail).toContain('Oct, Nov.');
    },
  );

  it('are read one by one where the upload names them', async () => {
    for (const [sheet, date] of [
      ['Oct', '2026-10-05'],
      ['Nov', '2026-11-16'],
    ] as const) {
      const { body } = await sent({ Oct: october, Nov: november }, sheet);
      expect((await scene.imported({ fileId: body.fileId })).counts).toMatchObject({ create: 2 });
      expect(await scene.paid(date)).toMatchObject({ payableMinutes: 480 });
    }
  });

  it('are refused where they are too many to be looked at, or the named one is none of them', async () => {
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`S${n}`, n === 0 ? november : cover]));
    expect(await sent(many)).toMatchObject({ status: 422, body: { errors: [{ code: 'several_sheets' }] } });
    expect((await sent(many, 'S0')).status).toBe(201);
    expect(await sent({ Nov: november }, 'Dec')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'several_sheets' }], detail: expect.stringContaining('Dec') },
    });
  });
});
