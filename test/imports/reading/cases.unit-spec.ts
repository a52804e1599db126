import { numberOf } from '../../../src/attendance/imports/reading/numbers';
import { inspected, interpreted, told, wall } from './scene';

const CLOCKIFY = '"Project","User","Email","Start Date","Start Time","End Date","End Time","Duration (h)"';
const clockify = (...times: string[]) =>
  `${CLOCKIFY}\n"","Ada","ada@example.com",${times.map((each) => `"${each}"`).join(',')},""\n`;

/** The shared cases about files, read by the reader itself from the bytes on. */
describe('files as their sources write them', () => {
  it('FILE-01 a USB row: PIN, time, device, state, verify, work code', async () => {
    const line = '      200\t2020-08-26 23:08:49\t7\t0\t1\t53\r\n';
    expect(await inspected(line)).toMatchObject({
      format: 'attlog',
      sample: [{ cells: ['200', '2020-08-26T23:08:49', '7', '0', '1', '53'] }],
    });
    const rows = await interpreted(line, { timeZone: 'America/Argentina/Buenos_Aires' });
    const punch = { employeeRef: '200', type: 'in', local: wall('2020-08-26T23:08:49'), deviceId: '7' };
    expect(rows).toMatchObject([{ ok: true, punches: [punch] }]);
    expect(told(rows)).toEqual([['in 2020-08-27T02:08:49Z']]);
  });

  it('FILE-02 a PUSH row: PIN, time, state, verify, work code', async () => {
    const line = '12345\t2026-06-22 07:01:12\t0\t1\t0\n';
    expect(await inspected(line)).toMatchObject({
      format: 'adms',
      sample: [{ cells: ['12345', '2026-06-22T07:01:12', '', '0', '1', '0'] }],
    });
    expect(told(await interpreted(line, { timeZone: 'Asia/Jakarta' }))).toEqual([['in 2026-06-22T00:01:12Z']]);
  });

  it('FILE-04 empty fields and a trailing tab are legal', async () => {
    const line = '12\t2026-10-05 11:49:53\t1\t1\t\t0\t0\t\n';
    expect(await inspected(line)).toMatchObject({
      format: 'adms',
      sample: [{ cells: ['12', '2026-10-05T11:49:53', '', '1', '1', ''] }],
    });
    expect(told(await interpreted(line))).toEqual([['out 2026-10-05T11:49:53Z']]);
  });

  it('FILE-05 a USB row of five columns', async () => {
    const line = '10099\t2026-03-10 17:05:11\t1\t0\t0\n';
    expect(await inspected(line)).toMatchObject({
      format: 'attlog',
      sample: [{ cells: ['10099', '2026-03-10T17:05:11', '1', '0', '0', ''] }],
    });
  });

  it('FILE-07 Clockify: month first, half days, seconds if it likes', async () => {
    const text = clockify('03/04/2024', '10:23 AM', '03/04/2024', '11:23:01 AM');
    expect(await inspected(text)).toMatchObject({ profile: 'clockify', warnings: ['ambiguous_date_format'] });
    expect(told(await interpreted(text, { timeZone: 'Europe/Vienna' }))).toEqual([
      ['in 2024-03-04T09:23:00Z', 'out 2024-03-04T10:23:01Z'],
    ]);
  });

  it('FILE-08 a false date is an error of its row with line and column', async () => {
    const good16th = '"","Ada","ada@example.com","01/16/2024","09:00 AM","01/16/2024","10:00 AM",""\n';
    const text = `${clockify('13/15/2024', '09:00 AM', '01/15/2024', '10:00 AM')}${good16th}`;
    const [bad, good] = await interpreted(text, { timeZone: 'Europe/Vienna' });
    expect(bad).toMatchObject({
      ok: false,
      line: 2,
      errors: [{ column: 'Start Date', value: '13/15/2024', code: 'invalid_date' }],
    });
    expect(good).toMatchObject({ ok: true, line: 3 });
  });

  it('FILE-10 Harvest: decimal commas and points between thousands', async () => {
    expect(['20,0', '0,01', '2.000,0'].map(numberOf)).toEqual([20, 0.01, 2000]);
    const text = 'Date;Client;Project;Task;Hours;Employee Id\n2026-01-05;C;P;T;20,0;12\n2026-01-06;C;P;T;0,01;12\n';
    expect(told(await interpreted(text, { timeZone: 'Europe/Vienna', defaults: { dayStart: '00:00' } }))).toEqual([
      ['in 2026-01-04T23:00:00Z', 'out 2026-01-05T19:00:00Z'],
      ['in 2026-01-05T23:00:00Z', 'out 2026-01-05T23:00:36Z'],
    ]);
  });

  it('FILE-11 DingTalk: titles above the header, a row for a person and a day, texts instead of times', async () => {
    const text = [
      '每日统计表 统计日期：2026-01-20',
      '报表生成时间：2026-01-21 08:00',
      '姓名,考勤组,工号,日期,上班1打卡时间,上班1打卡结果,下班1打卡时间,下班1打卡结果',
      '张三,总部,0007,2026-01-20 星期二,07:51,正常,17:05,正常',
      '李四,总部,0008,2026-01-20 星期二,休息,,休息,',
      '王五,总部,0009,2026-01-20 星期二,21:55,正常,次日 06:02,正常',
    ].join('\r\n');
    expect(await inspected(text)).toMatchObject({ profile: 'dingtalk-daily', headerLine: 3, kind: 'days' });
    expect(told(await interpreted(text, { timeZone: 'Asia/Shanghai' }))).toEqual([
      ['in 2026-01-19T23:51:00Z', 'out 2026-01-20T09:05:00Z'],
      [],
      ['in 2026-01-20T13:55:00Z', 'out 2026-01-20T22:02:00Z'],
    ]);
  });

  it('FILE-11 with English headings', async () => {
    const text = 'Daily summary\nExported at,12:00\nuserId,date,in1,out1\n7,2026-01-20,07:51,17:05\n';
    expect(await inspected(text)).toMatchObject({ profile: 'dingtalk-daily', headerLine: 3 });
    expect(told(await interpreted(text))).toEqual([['in 2026-01-20T07:51:00Z', 'out 2026-01-20T17:05:00Z']]);
  });

  it('FILE-51 an entry without length is no error', async () => {
    const text =
      'User,Email,Start date,Start time,End date,End time\nA,a@b.c,2024-03-04,10:23:52,2024-03-04,10:23:52\n';
    expect(told(await interpreted(text))).toEqual([['in 2024-03-04T10:23:52Z', 'out 2024-03-04T10:23:52Z']]);
  });

  it('FILE-52 and DST-17 a start in the hour shown twice is an error of its column', async () => {
    const text = clockify('11/01/2026', '01:30 AM', '11/01/2026', '09:00 AM');
    expect(
      told(await interpreted(text, { timeZone: 'America/New_York', mapping: { dateFormat: 'MM/DD/YYYY' } })),
    ).toEqual([['Start Time: ambiguous_local_time']]);
  });
});
