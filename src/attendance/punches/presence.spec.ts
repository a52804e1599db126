import { type DirectedType, step } from './presence';

const nine = new Date('2026-03-10T09:00:00Z');
const at = (hours: number) => new Date(nine.getTime() + hours * 3_600_000);
const sixteenHours = 16 * 3_600_000;

describe('presence', () => {
  const rows: [last: DirectedType | undefined, told: DirectedType, state: string, legal: boolean, flags: string[]][] = [
    [undefined, 'in', 'out', true, []],
    [undefined, 'out', 'out', false, ['orphan_out']],
    [undefined, 'break_start', 'out', false, ['orphan_break_start']],
    [undefined, 'break_end', 'out', false, ['orphan_break_end']],
    ['in', 'in', 'in', false, ['double_in']],
    ['in', 'out', 'in', true, []],
    ['in', 'break_start', 'in', true, []],
    ['in', 'break_end', 'in', false, ['orphan_break_end']],
    ['break_start', 'break_end', 'break', true, []],
    ['break_start', 'out', 'break', true, ['missing_break_end']],
    ['break_start', 'in', 'break', false, ['double_in']],
    ['break_start', 'break_start', 'break', false, ['orphan_break_start']],
    ['break_end', 'out', 'in', true, []],
    ['break_end', 'break_start', 'in', true, []],
    ['out', 'in', 'out', true, []],
    ['out', 'out', 'out', false, ['orphan_out']],
  ];

  it.each(rows)('after %s, "%s" finds the person %s', (last, told, state, legal, flags) => {
    const previous = last && { type: last, at: nine };
    expect(step(told, at(1), previous, sixteenHours)).toMatchObject({ state, legal, flags });
  });

  it('forgets somebody who never punched out, so that they can come in the next morning', () => {
    const meaning = step('in', at(24), { type: 'in', at: nine }, sixteenHours);
    expect(meaning).toMatchObject({ state: 'out', legal: true, flags: ['missing_out_before'], allowedNext: ['in'] });
  });

  it('does not forget a person who is still within a long shift', () => {
    expect(step('out', at(16), { type: 'in', at: nine }, sixteenHours)).toMatchObject({
      state: 'in',
      legal: true,
      flags: [],
    });
  });

  it('does not forget what had ended: after an old "out" there is nothing missing', () => {
    expect(step('in', at(400), { type: 'out', at: nine }, sixteenHours)).toMatchObject({ legal: true, flags: [] });
  });
});
