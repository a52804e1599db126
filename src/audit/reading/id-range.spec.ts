import { v7 as uuidv7 } from 'uuid';
import { BOTTOM, idsWithin, lowestIdAt, TOP } from './id-range';

it('bounds nothing where no time is given', () => {
  expect(idsWithin({})).toEqual({ least: BOTTOM, below: TOP });
});

it('admits every id that was made within a day of the range', () => {
  const { least, below } = idsWithin({ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00+02:00' });
  const at = (time: string) => uuidv7({ msecs: Date.parse(time) });
  for (const id of [at('2026-02-28T00:00:01Z'), at('2026-03-01T12:00:00Z'), at('2026-03-02T21:59:59Z')]) {
    expect(id >= least && id < below).toBe(true);
  }
  expect(at('2026-02-27T23:59:59Z') >= least).toBe(false);
  expect(at('2026-03-02T22:00:01Z') < below).toBe(false);
});

it('makes an id of any instant that can be written', () => {
  expect(lowestIdAt(Date.parse('0001-01-01T00:00:00Z'))).toBe(BOTTOM);
  expect(lowestIdAt(Date.parse('9999-12-31T00:00:00Z'))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-0000-0000-0{12}$/);
  expect(lowestIdAt(Infinity)).toBe('ffffffff-ffff-0000-0000-000000000000');
});
