import * as fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { csvCell, csvLine } from '../../src/attendance/files/csv';
import { anyText } from '../support/any-text';

describe('a cell of an export', () => {
  it.each([
    ['plain text', 'Ada', 'Ada'],
    ['a comma', 'Lovelace, Ada', '"Lovelace, Ada"'],
    ['a quotation mark', 'the "late" shift', '"the ""late"" shift"'],
    ['a line break', 'one\r\ntwo', '"one\r\ntwo"'],
    ['leading zeros', '000123', '000123'],
    ['nothing', null, ''],
    ['a number', -12.5, '-12.5'],
    ['truth', true, 'true'],
    ['a negative number as text', '-12.5', '-12.5'],
    ['a signed number with a comma', '+3,25', '"+3,25"'],
    ['a formula', '=1+1', "'=1+1"],
    ['a formula that calls out', '=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a plus that is no number', '+cmd|calc', "'+cmd|calc"],
    ['a minus that is no number', '-2+3', "'-2+3"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a tab', '\t=1', "'\t=1"],
    ['a return', '\r=1', '"\'\r=1"'],
    ['a wide equals sign', '＝1', "'＝1"],
  ])('with %s', (_, value, expected) => {
    expect(csvCell(value)).toBe(expected);
  });

  it('comes back as it went out, but for the apostrophe', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 2, maxLength: 5 }), (values) => {
        const [read] = parse(csvLine(values), { relax_column_count: true });
        expect(read?.map((cell, index) => (cell === `'${values[index] ?? ''}` ? cell.slice(1) : cell))).toEqual(values);
        expect(read?.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+([.,]\d+)?$/.test(cell))).toEqual([]);
      }),
    );
  });
});
