import { breakHeading } from './break-headings';
import { breakTimes, isBreakTimeHeading } from './break-time-headings';
import { withoutAccents, words } from './heading-words';
import type { Mapping, MappingField, MappingFields } from './mapping';
import { timeHeading } from './time-headings';

/** `Employee No.` and `employee_no` are the same heading. */
export function headingKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The key without accents, as many programs write headings: `Arrivée` and `ARRIVEE`. Signatures of headers are kept, and so keep theirs. */
const plainKey = (text: string) => headingKey(withoutAccents(text));

/**
 * Headings seen in exports, as keys without accents, the better ones first: a number beats an e-mail address beats a name, because two
 * people may share a name. What further languages call the two ends of a day, `timeHeading` knows.
 */
const HEADINGS: Readonly<Record<MappingField, readonly string[]>> = {
  employee: words(`employeenumber employeeno employeeid employeecode empno empid empcode staffnumber staffno staffid
    badgenumber badgeid badgeno badge pin acno enno personnelnumber personalnummer personalnr mitarbeiternummer
    mitarbeiternr 工号 员工工号 numeroempleado numerodeempleado legajo matricule matricola matricula personeelsnummer
    medewerkernummer useremail emailaddress email correo userid user employee
    mitarbeiter username name 姓名`),
  timestamp: words(`timestamp datetime dateandtime occurredat punchtime punchedat punchdatetime checktime eventtime
    logtime recordtime zeitstempel datumuhrzeit fechahora 打卡时间`),
  date: words(
    'date workdate startdate day attendancedate spentdate datum tag fecha 日期 考勤日期 jour giorno data dia dag',
  ),
  time: words('time clocktime uhrzeit zeit hora heure ora tijd 时间'),
  type: words(`type punchtype direction state event eventtype action inout checktype logtype typ richtung buchungsart
    tipo`),
  in: words(`in in1 timein clockin checkin starttime startedat start firstin kommen beginn von entrada arrivee
    上班1打卡时间 上班打卡时间 上班时间`),
  out: words(`out out1 timeout clockout checkout endtime endedat end stop lastout gehen ende bis salida depart
    下班1打卡时间 下班打卡时间 下班时间`),
  outDate: words('enddate outdate'),
  in2: words('in2 timein2 clockin2 上班2打卡时间'),
  out2: words('out2 timeout2 clockout2 下班2打卡时间'),
  in3: words('in3 timein3 clockin3 上班3打卡时间'),
  out3: words('out3 timeout3 clockout3 下班3打卡时间'),
  breakStart: words('breakstart breakstarttime lunchstart pausenbeginn'),
  breakEnd: words('breakend breakendtime lunchend pausenende'),
  breakMinutes: words('breakminutes breakmins break breaktime breakduration breakhours lunchminutes pauseminuten'),
  hours: words(
    'hours workedhours hoursworked hoursspent timespent arbeitsstunden stunden horastrabajadas horas heures',
  ),
  deviceId: words('deviceid device deviceno deviceserial terminal terminalid machineno serialnumber sn gerat standort'),
};

/** Chinese headings without digits of an export differ from English ones only in the words, so one table serves all. */
const known: ReadonlySet<string> = new Set(Object.values(HEADINGS).flat());

export function isKnownHeading(cell: string): boolean {
  const key = plainKey(cell);
  return (
    known.has(key) || timeHeading(key) !== undefined || isBreakTimeHeading(key) || breakHeading(cell) !== undefined
  );
}

/** The best column for each field that has one; `null` without a column for the employee or for a time. */
export function guessFields(columns: readonly string[]): MappingFields | null {
  // `Employee?` asks whether somebody is one, as in the exports of Harvest: it answers Yes and No.
  const named = columns.filter((column) => !column.trimEnd().endsWith('?'));
  const keyed = named.map((column) => [plainKey(column), column] as const);
  const byKey = new Map([...keyed].reverse());
  const columnOf = (field: MappingField) =>
    HEADINGS[field].map((key) => byKey.get(key)).find((column) => column !== undefined) ??
    keyed.find(([key]) => timeHeading(key) === field)?.[1];
  const employee = columnOf('employee');
  if (employee === undefined) return null;
  const timestamp = columnOf('timestamp');
  const date = columnOf('date');
  const time = columnOf('time');
  const optional = (field: MappingField) => {
    const column = columnOf(field);
    return column === undefined ? {} : { [field]: column };
  };
  const device = optional('deviceId');
  const type = optional('type');
  const breakColumn = columnOf('breakMinutes') ?? named.find((column) => breakHeading(column) !== undefined);
  const days: Partial<MappingFields> = {
    ...breakTimes(keyed),
    ...(Object.assign({}, ...DAY_FIELDS.map(optional)) as Partial<MappingFields>),
    ...(breakColumn === undefined ? {} : { breakMinutes: breakColumn }),
  };
  // Beside an end a duration says nothing new; without one it is what is paid.
  const duration = DURATIONS.map((key) => byKey.get(key)).find((column) => column !== undefined);
  if (days.in !== undefined && days.out === undefined && days.hours === undefined && duration !== undefined)
    days.hours = duration;
  const hasTimes = days.in !== undefined || days.out !== undefined || days.hours !== undefined;
  if (hasTimes && timestamp === undefined)
    return { employee, ...(date === undefined ? {} : { date }), ...days, ...device };
  if (timestamp !== undefined) return { employee, timestamp, ...type, ...device };
  if (date !== undefined && time !== undefined) return { employee, date, time, ...type, ...device };
  return time === undefined ? null : { employee, timestamp: time, ...type, ...device };
}

const DURATIONS = words('duration durationh durationhours durationdecimal dauer duree duracion');

const DAY_FIELDS: readonly MappingField[] = [
  ...(['in', 'out', 'outDate', 'in2', 'out2', 'in3', 'out3'] as const),
  ...(['breakStart', 'breakEnd', 'hours'] as const),
];

/** Headings as names that can be pointed at: an empty one gets its number, a repeated one a counter. */
export function columnNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((cell, index) => {
    const name = cell.trim().slice(0, 190) || `Column ${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** The columns that the mapping neither names nor leaves out, so that nobody takes them for read; a heading that is missing over empty cells is none. */
export function unreadColumns(
  columns: readonly string[],
  { fields, ignoreColumns = [] }: Mapping,
  sample: readonly { readonly cells: readonly string[] }[],
): string[] {
  const read = new Set([...Object.values(fields), ...ignoreColumns]);
  const isEmpty = (at: number) => sample.every(({ cells }) => (cells[at] ?? '').trim() === '');
  return columns.filter((name, at) => !read.has(name) && !(/^Column \d+$/.test(name) && isEmpty(at)));
}
