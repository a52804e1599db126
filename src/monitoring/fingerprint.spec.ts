import { fingerprint } from './fingerprint';
import { expectLinear } from '../../test/support/cpu';

describe('the shape of a statement', () => {
  it.each([
    [
      'SELECT id\n  FROM punches WHERE tenant_id = $1 AND id = $2',
      'SELECT id FROM punches WHERE tenant_id = ? AND id = ?',
    ],
    ["SELECT * FROM users WHERE email = 'ann@acme.test'", 'SELECT * FROM users WHERE email = ?'],
    ["SELECT 'it''s', E'a\\'b', X'1F', U&'d!0061' UESCAPE '!'", 'SELECT ? UESCAPE ?'],
    ['SELECT $$a secret$$, $tag$ of $$ two $tag$', 'SELECT ?'],
    ['SELECT 1, 1.5, .5, 1e10, -3, 0xFF, 1_000', 'SELECT ?, -?'],
    ['SELECT t1.col2 FROM t1 WHERE x IN ($1, $2,$3)', 'SELECT t1.col2 FROM t1 WHERE x IN (?)'],
    ['INSERT INTO a (b, c) VALUES ($1, $2), ($3, $4)', 'INSERT INTO a (b, c) VALUES (?), (?)'],
    ["SELECT 1 -- for 'Ann'\n, /* born 1990 */ 2", 'SELECT ?'],
    ['SELECT "Ann 1990", größe FROM "x""y"', 'SELECT "Ann 1990", größe FROM "x""y"'],
    ["SELECT 'cut off in the mid", 'SELECT ?'],
    ["SELECT E'cut\\", 'SELECT ?'],
    ['SELECT $$cut off', 'SELECT ?'],
    ['SELECT /* cut off', 'SELECT'],
    ['', ''],
  ])('%s', (sql, shape) => {
    expect(fingerprint(sql)).toBe(shape);
  });

  it('is bounded', () => {
    expect(fingerprint(`SELECT ${'a, '.repeat(100_000)}b`)).toHaveLength(1000);
  });

  it.each(["'", '$a$', '/*', '(?,', "E'\\", '"', '$', '1e'])(
    'takes time by its length, whatever it is made of: %s',
    async (piece) => {
      await expectLinear((size) => fingerprint(piece.repeat(size)), 8000);
    },
  );
});
