import { hasLostDigits, spellingsOf, withoutZeros } from './employee-number';

describe('a number with other zeros in front', () => {
  it.each([
    ['00917', '917'],
    ['917.0', '917'],
    ['000', '0'],
    ['0012345678901234567890', '12345678901234567890'],
    ['A017', 'A017'],
  ])('%s is %s', (written, bare) => {
    expect(withoutZeros(written)).toBe(bare);
  });

  it('is looked for among all that are at least as long, and once written as it is', () => {
    expect(spellingsOf('12345678901234567890123')).toEqual([
      '12345678901234567890123',
      '12345678901234567890123',
      '012345678901234567890123',
    ]);
    expect(spellingsOf('917')).toContain('000000000917');
    expect(spellingsOf('A017')).toEqual(['A017']);
  });
});

describe('a number of which a spreadsheet has cut digits off', () => {
  it.each(['1.23457E+11', '1,23457E+11', '1E+12', '1.2e15', '123457000000', '123457000000.0', '123456789012345000'])(
    'is told by its looks: %s',
    (written) => {
      expect(hasLostDigits(written)).toBe(true);
    },
  );

  it.each(['1E5', '12E+11', '1.234567E+11', '12345700000', '123456789012', '123456789012345', '012345000000', 'E+11'])(
    'is not any other: %s',
    (written) => {
      expect(hasLostDigits(written)).toBe(false);
    },
  );
});
