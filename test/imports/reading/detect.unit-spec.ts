import { detect } from '../../../src/attendance/imports/reading/detect';
import { inspected } from './scene';

const PUNCHES = 'employeeNumber,type,timestamp,deviceId\n007,in,2026-01-05T07:30:00,door\n';

function gb18030(): Buffer {
  // "工号,姓名,日期,上班1打卡时间,下班1打卡时间" and a row, in the bytes of the encoding.
  const [number, name, date, start, end] = [
    'b9a4bac5',
    'd0d5c3fb',
    'c8d5c6da',
    'c9cfb0e031b4f2bfa8cab1bce4',
    'cfc2b0e031b4f2bfa8cab1bce4',
  ];
  const header = [number, name, date, start, end].join('2c');
  const row =
    Buffer.from('007,', 'latin1').toString('hex') +
    'd5c5c8fd' +
    Buffer.from(',2026-01-20,07:51,17:05\r\n').toString('hex');
  return Buffer.from(`${header}0d0a${row}`, 'hex');
}

const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('what a file is', () => {
  it.each([
    ['commas', PUNCHES, { format: 'csv', delimiter: ',', profile: 'plain-punches', kind: 'punches', headerLine: 1 }],
    ['semicolons', PUNCHES.replaceAll(',', ';'), { delimiter: ';', profile: 'plain-punches' }],
    ['tabs', PUNCHES.replaceAll(',', '\t'), { format: 'csv', delimiter: '\t', profile: 'plain-punches' }],
    ['strokes', PUNCHES.replaceAll(',', '|'), { delimiter: '|', profile: 'plain-punches' }],
    ['a sep= line', `sep=;\n${PUNCHES.replaceAll(',', ';')}`, { delimiter: ';', headerLine: 2 }],
    [
      'decimal commas',
      'Employee No.;Date;In;Out;Hours\n1;05.01.2026;7:30;16:00;8,5\n',
      { delimiter: ';', kind: 'days' },
    ],
    ['days', 'employeeNumber,date,in,out,breakMinutes\n1,2026-01-05,07:30,16:00,30\n', { profile: 'plain-days' }],
    [
      'titles above',
      `Punches of January\n\nexported,2026-02-01\n${PUNCHES}`,
      { headerLine: 4, profile: 'plain-punches' },
    ],
    ['UTF-8 with a mark', `\ufeff${PUNCHES}`, { encoding: 'utf-8', profile: 'plain-punches' }],
    ['UTF-16 LE', Buffer.from(`\ufeff${PUNCHES}`, 'utf16le'), { encoding: 'utf-16le', profile: 'plain-punches' }],
    ['UTF-16 BE', utf16be(PUNCHES), { encoding: 'utf-16be', profile: 'plain-punches' }],
    [
      'Windows-1252',
      Buffer.from(`${PUNCHES}008,in,2026-01-05T07:31:00,Tür Süd\n`, 'latin1'),
      { encoding: 'windows-1252' },
    ],
    ['GB18030', gb18030(), { encoding: 'gb18030', profile: 'dingtalk-daily', kind: 'days' }],
    [
      'objects',
      '{"employeeNumber":"007","type":"in","timestamp":"2026-01-05T07:30:00Z"}\n',
      { format: 'ndjson', kind: 'punches' },
    ],
    ['a USB export', '   12\t2026-01-05 07:30:00\t7\t0\t1\t53\n', { format: 'attlog', profile: 'zkteco-attlog' }],
    ['a PUSH body', '12\t2026-01-05 07:30:00\t0\t1\t0\n', { format: 'adms', profile: 'zkteco-adms' }],
    [
      'Toggl',
      '\ufeffUser,Email,Start date,Start time,End date,End time,Duration\nA,a@b.c,2026-01-05,07:30:00,2026-01-05,16:00:00,08:30:00\n',
      { profile: 'toggl', kind: 'days' },
    ],
    [
      'Clockify',
      '"Project","User","Email","Start Date","Start Time","End Date","End Time","Duration (h)"\n"","A","a@b.c","01/25/2026","7:30 AM","01/25/2026","4:00 PM","08:30"\n',
      { profile: 'clockify' },
    ],
    [
      'Harvest',
      'Date,Client,Project,Task,Hours,Employee Id\n2026-01-05,C,P,T,"7,5",12\n',
      { profile: 'harvest', kind: 'days' },
    ],
  ])('with %s', async (_, content, expected) => {
    expect(await inspected(content)).toMatchObject(expected);
  });

  it('goes by the content, not by the name and the media type', () => {
    expect(detect(Buffer.from(PUNCHES), 'punches.xlsx', 'application/pdf')).toMatchObject({ format: 'csv' });
  });

  it('finds the accent that stands behind the first 64 KiB', async () => {
    const rows = PUNCHES + '008,in,2026-01-05T07:31:00,door\n'.repeat(5_000);
    const accent = Buffer.from('009,in,2026-01-05T07:32:00,Tür\n', 'latin1');
    expect((await inspected(Buffer.concat([Buffer.from(rows), accent]))).encoding).toBe('windows-1252');
  });

  it('is plain data, to be stored between the upload and the import', async () => {
    const detected = await inspected(PUNCHES);
    expect(JSON.parse(JSON.stringify(detected))).toEqual(detected);
  });

  it('names columns without a heading and tells equal ones apart', async () => {
    const { columns } = await inspected('employee,date,,note,note\n1,2026-01-05,x,y,z\n');
    expect(columns).toEqual(['employee', 'date', 'Column 3', 'note', 'note (2)']);
  });

  it('prefers a number to an address and an address to a name', async () => {
    const header = 'Name,E-Mail,Personal-Nr.,Datum,Kommen,Gehen';
    const { mapping } = await inspected(`${header}\nA,a@b.c,007,05.01.2026,07:30,16:00\n`);
    expect(mapping?.fields).toEqual({ employee: 'Personal-Nr.', date: 'Datum', in: 'Kommen', out: 'Gehen' });
  });

  it('says when nothing could be recognised', async () => {
    expect(await inspected('a,b,c\n1,2,3\n')).toMatchObject({
      mapping: null,
      warnings: expect.arrayContaining(['mapping_incomplete']),
    });
  });

  it('leaves the direction out where a terminal says the same of everyone', async () => {
    const line = (minute: number, state: number) =>
      `12\t2026-01-05 07:${String(minute).padStart(2, '0')}:00\t1\t${state}\t0\n`;
    const minutes = Array.from({ length: 30 }, (_, minute) => minute);
    const silent = await inspected(minutes.map((minute) => line(minute, 0)).join(''), { fileName: '1_attlog.dat' });
    expect([silent.warnings, silent.mapping?.fields.type]).toEqual([['direction_unreliable'], undefined]);
    const told = await inspected(minutes.map((minute) => line(minute, minute % 2)).join(''), {
      fileName: '1_attlog.dat',
    });
    expect([told.format, told.warnings, told.mapping?.fields.type]).toEqual(['attlog', [], 'state']);
  });
});

describe('the order of day and month', () => {
  const withDates = (...dates: string[]) =>
    `employee,date,in,out\n${dates.map((date) => `1,${date},07:30,16:00`).join('\n')}\n`;

  it.each([
    ['a day above 12 in front', ['05/01/2026', '13/01/2026'], 'DD/MM/YYYY', []],
    ['a day above 12 behind', ['01/05/2026', '01/13/2026'], 'MM/DD/YYYY', []],
    ['points', ['05.01.2026'], 'DD.MM.YYYY', []],
    ['the year in front', ['2026-01-05'], 'YYYY-MM-DD', []],
    ['no number above 12', ['05/01/2026', '06/01/2026'], 'MM/DD/YYYY', ['ambiguous_date_format']],
    ['values that contradict each other', ['13/01/2026', '01/13/2026'], 'MM/DD/YYYY', ['ambiguous_date_format']],
    ['a date that is none', ['13/15/2026', '01/13/2026'], 'MM/DD/YYYY', []],
  ])('is told by %s', async (_, dates, dateFormat, warnings) => {
    expect(await inspected(withDates(...dates))).toMatchObject({ mapping: { dateFormat }, warnings });
  });
});
