import { Interpreter } from '../../../src/attendance/imports/reading/interpreter';
import { importMapping, type MappingField, mappingFields } from '../../../src/attendance/imports/reading/mapping';

interface Sample {
  readonly kind: 'punches' | 'days';
  /** The cells beside the one that is looked at. */
  readonly others: Partial<Record<MappingField, string>>;
  readonly values: readonly [string, string];
}

const DAY = { employee: '1', date: '2026-11-16' };
const of = (kind: Sample['kind'], others: Sample['others'], ...values: [string, string]): Sample => ({
  ...{ kind, others, values },
});
const inDay = (others: Sample['others'], ...values: [string, string]) => of('days', { ...DAY, ...others }, ...values);

/** For each field two values that must not mean the same. A field that is new has no row here and does not compile. */
const SAMPLES: Readonly<Record<MappingField, Sample>> = {
  employee: of('punches', { timestamp: '2026-11-16T08:00' }, '1', '2'),
  type: of('punches', { employee: '1', timestamp: '2026-11-16T08:00' }, 'in', 'out'),
  timestamp: of('punches', { employee: '1' }, '2026-11-16T08:00', '2026-11-16T09:00'),
  date: of('days', { employee: '1', in: '08:00' }, '2026-11-16', '2026-11-17'),
  time: of('punches', DAY, '08:00', '09:00'),
  in: inDay({}, '08:00', '09:00'),
  out: inDay({ in: '08:00' }, '17:00', '18:00'),
  outDate: inDay({ in: '08:00', out: '07:00' }, '2026-11-16', '2026-11-17'),
  in2: inDay({ in: '08:00', out: '12:00' }, '13:00', '14:00'),
  out2: inDay({ in: '08:00', out: '12:00', in2: '13:00' }, '17:00', '18:00'),
  in3: inDay({ in: '08:00', out: '12:00' }, '13:00', '14:00'),
  out3: inDay({ in: '08:00', out: '12:00', in3: '13:00' }, '17:00', '18:00'),
  breakStart: inDay({ in: '08:00', breakEnd: '13:00', out: '17:00' }, '12:00', '12:30'),
  breakEnd: inDay({ in: '08:00', breakStart: '12:00', out: '17:00' }, '12:30', '13:00'),
  breakMinutes: inDay({ in: '08:00', out: '17:00' }, '30', '60'),
  hours: inDay({}, '7', '8'),
  deviceId: of('punches', { employee: '1', timestamp: '2026-11-16T08:00' }, 'gate 1', 'gate 2'),
};

describe('a column that a mapping can name', () => {
  it.each(Object.keys(mappingFields.shape) as MappingField[])('A.2: changes what is imported: %s', (field) => {
    const { kind, others, values } = SAMPLES[field];
    const read = (value: string) => {
      const row = { ...others, [field]: value };
      const columns = Object.keys(row);
      const fields = Object.fromEntries(columns.map((column) => [column, column]));
      const mapping = importMapping.parse({ fields, dayStart: '09:00' });
      const [found] = new Interpreter(columns, mapping, { timeZone: 'UTC', kind }).interpret([
        { line: 2, cells: Object.values(row) },
      ]);
      return found;
    };
    const [one, other] = values.map(read);
    expect(one).not.toEqual(other);
    expect([one?.ok, other?.ok]).toContain(true);
  });
});
