import { readRows } from '../../../src/attendance/imports/reading/read-rows';
import { inspectFile } from '../../../src/attendance/imports/reading/inspect';
import type { ReadProgress } from '../../../src/attendance/imports/reading/row';
import { allRows, interpreted, told, withFile } from './scene';
import { workbook } from './workbooks';

const HEADER = 'employeeNumber,type,timestamp,deviceId\n';
const ROW = '007,in,2026-01-05T07:30:00,door\n';

describe('the rows of a CSV file', () => {
  it('know their line, whatever blank lines, titles and line breaks in cells stand above', async () => {
    const rows = await allRows(`Title\n\n${HEADER}${ROW}\n008,in,2026-01-05T07:30:00,"front\ndoor"\n,,,\n${ROW}`);
    expect(rows.map(({ line, cells }) => [line, cells[0], cells[3]])).toEqual([
      [4, '007', 'door'],
      [6, '008', 'front\ndoor'],
      [9, '007', 'door'],
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('end in %j', async (end) => {
    const rows = await allRows(`${HEADER}${ROW}${ROW}`.replaceAll('\n', end));
    expect(rows.map(({ line, cells }) => [line, cells.at(-1)])).toEqual([
      [2, 'door'],
      [3, 'door'],
    ]);
  });

  it('are an error of their own where a quotation mark is broken at the end', async () => {
    const [good, broken] = await interpreted(`${HEADER}${ROW}"008,in,2026-01-05T07:30:00,door\n`);
    expect(good?.ok).toBe(true);
    expect(broken).toMatchObject({ ok: false, line: 3, errors: [{ code: 'unreadable_row' }] });
  });

  it('are an error of their own where one quotation mark swallows the next lines', async () => {
    const rows = await interpreted(`${HEADER}${ROW}008,in,"2026-01-05T07:30:00,door\n${ROW}009,in,"x",door\n${ROW}`);
    expect(rows.map((row) => [row.line, row.ok])).toEqual([
      [2, true],
      [3, false],
      [6, true],
    ]);
    expect(rows[1]).toMatchObject({ errors: [{ code: 'unreadable_row', detail: expect.stringContaining('line 5') }] });
  });

  it('may end in empty cells, and otherwise are as wide as the header', async () => {
    const rows = await interpreted(`${HEADER}007,in,2026-01-05T07:30:00,door,,\n007,in\n${ROW}`);
    expect(told(rows)).toEqual([['in 2026-01-05T07:30:00Z'], [': wrong_column_count'], ['in 2026-01-05T07:30:00Z']]);
  });

  it('come in every encoding', async () => {
    const text = `${HEADER}007,in,2026-01-05T07:30:00,Tür „Süd“ 5 €\n`;
    const western = Buffer.from(text.replace('€', '\x80').replace('„', '\x84').replace('“', '\x93'), 'latin1');
    const files = [
      text,
      `\ufeff${text}`,
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      western,
    ];
    for (const file of files)
      expect((await allRows(file)).map(({ cells }) => cells)).toEqual([
        ['007', 'in', '2026-01-05T07:30:00', 'Tür „Süd“ 5 €'],
      ]);
  });

  it('are not cut within a character where two pieces of the file meet', async () => {
    const doors = Array.from({ length: 30_000 }, (_, index) => `${'门'.repeat(1 + (index % 7))}${index}`);
    const rows = await allRows(HEADER + doors.map((door) => `007,in,2026-01-05T07:30:00,${door}\n`).join(''));
    expect(rows.map(({ cells }) => cells[3])).toEqual(doors);
  });

  it('come in batches of up to 1,000 with the progress told', async () => {
    await withFile(HEADER + ROW.repeat(2_500), async (file) => {
      const told: ReadProgress[] = [];
      const sizes: number[] = [];
      const onProgress = (progress: ReadProgress) => told.push(progress);
      for await (const batch of readRows(file, await inspectFile(file), { onProgress })) sizes.push(batch.length);
      expect(sizes).toEqual([1_000, 1_000, 500]);
      expect(told.map(({ rows }) => rows)).toEqual([1_000, 2_000, 2_500]);
      expect(told.at(-1)?.bytes).toBe(told.at(-1)?.totalBytes);
    });
  });

  it('can be left half read', async () => {
    await withFile(HEADER + ROW.repeat(50_000), async (file) => {
      for await (const batch of readRows(file, await inspectFile(file))) {
        expect(batch).toHaveLength(1_000);
        break;
      }
    });
  });
});

describe('the rows of NDJSON', () => {
  it('take members by name in any order, and report a line that is no object', async () => {
    const lines = [
      '{"employeeNumber":"007","type":"in","timestamp":"2026-01-05T07:30:00Z"}',
      '{"timestamp":1767627000,"employeeNumber":"007","type":"out"}',
      '',
      '{"employeeNumber":"007","type":',
      '{"employeeNumber":7,"type":"in","timestamp":null}',
    ];
    const rows = await interpreted(lines.join('\n'));
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
    expect(told(rows)).toEqual([
      ['in 2026-01-05T07:30:00Z'],
      ['out 2026-01-05T15:30:00Z'],
      [': unreadable_row'],
      ['timestamp: missing_value'],
    ]);
  });
});

describe('the rows of a workbook', () => {
  const header = ['Employee No', 'Date', 'In', 'Out', 'Break'];
  const day = { value: 46_027, style: 1 };
  const sheet = [
    ['Attendance of January'],
    [],
    header,
    [{ value: 42, style: 5 }, day, { value: 0.3125, style: 3 }, { value: 2 / 3, style: 3 }, { value: 30 }],
    [{ inline: '0043' }, '05.01.2026', '22:00', { value: 0.25 }, null],
    ['0044', { value: 46_027 }, { value: 7.5 }, { value: 1, style: 4 }],
  ];

  it('keep texts, dates, times and leading zeros, and know their row', async () => {
    const rows = await allRows(workbook({ January: sheet }));
    expect(rows).toEqual([
      { line: 4, cells: ['000042', '2026-01-05', '07:30:00', '16:00:00', '30'] },
      { line: 5, cells: ['0043', '05.01.2026', '22:00', '0.25', ''] },
      { line: 6, cells: ['0044', '46027', '7.5', '24:00:00', ''] },
    ]);
  });

  it('yield punches, a bare 0.25 being six in the morning', async () => {
    const rows = await interpreted(workbook({ January: sheet }));
    expect(told(rows)).toEqual([
      [
        'in 2026-01-05T07:30:00Z',
        'break_start 2026-01-05T11:30:00Z',
        'break_end 2026-01-05T12:00:00Z',
        'out 2026-01-05T16:00:00Z',
      ],
      ['in 2026-01-05T22:00:00Z', 'out 2026-01-06T06:00:00Z'],
      ['in 2026-01-05T07:30:00Z', 'out 2026-01-06T00:00:00Z'],
    ]);
  });

  it('count their days from 1904 where the workbook does', async () => {
    const old = workbook(
      {
        A: [
          ['pin', 'punch time'],
          ['1', { value: 46_027.3125 - 1_462, style: 2 }],
        ],
      },
      true,
    );
    expect((await allRows(old))[0]?.cells).toEqual(['1', '2026-01-05T07:30:00']);
  });

  it('come from the sheet that is named, and where several have a table, from none before one is', async () => {
    const two = workbook({
      A: [
        ['pin', 'time'],
        ['1', '2026-01-05 07:30'],
      ],
      B: [
        ['pin', 'time'],
        ['2', '2026-01-05 07:30'],
      ],
    });
    await withFile(two, async (file) => {
      await expect(inspectFile(file)).rejects.toMatchObject({
        code: 'several_sheets',
        detail: expect.stringContaining('A, B'),
      });
      const first = await inspectFile(file, { sheet: 'A' });
      expect(first.workbook).toEqual({ sheets: ['A', 'B'], sheet: 'A' });
      const second = await inspectFile(file, { sheet: 'B' });
      for await (const [row] of readRows(file, second)) expect(row?.cells).toEqual(['2', '2026-01-05 07:30']);
    });
  });
});
