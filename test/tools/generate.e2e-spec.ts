import { rollcall } from './command';

describe('rollcall generate', () => {
  it('says what is wrong with its flags, all of it', async () => {
    const { code, error } = await rollcall(['generate', '--shape', 'pdf', '--faults', '2', '--from', 'soon']);
    expect(code).toBe(2);
    expect(error).toMatch(/--shape is one of plain-punches,/);
    expect(error).toMatch(/--faults /);
    expect(error).toMatch(/--from is a date/);
    expect((await rollcall(['generate'])).code).toBe(2);
  });
});
