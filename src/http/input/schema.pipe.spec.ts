import { z } from 'zod';
import { idParam } from './id.pipe';
import { Problem } from '../problems/problem';
import { SchemaPipe } from './schema.pipe';

const pipe = new SchemaPipe();

function faults(schema: z.ZodType, value: unknown, type: 'body' | 'query' | 'param' = 'body', data?: string): string[] {
  try {
    pipe.transform(value, { type, data, schema });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return (error.extras.errors ?? []).map((fault) => `${fault.pointer} ${fault.code}: ${fault.detail}`);
  }
  return [];
}

describe('the schema pipe', () => {
  const punch = z.strictObject({
    type: z.enum(['in', 'out']),
    employeeId: z.uuid(),
    at: z.iso.datetime({ offset: true }).optional(),
    note: z.string().max(5).optional(),
    lap: z.int().min(1).optional(),
  });

  it('hands over what the schema made of the value', () => {
    const schema = z.object({ limit: z.coerce.number().default(50) });
    expect(pipe.transform({ limit: '3' }, { type: 'query', data: undefined, schema })).toEqual({ limit: 3 });
    expect(pipe.transform('x', { type: 'body', data: undefined })).toBe('x');
  });

  it('CON-03 names every fault at once, each with its pointer and the remedy', () => {
    const body = {
      punches: [{ type: 'foo', employeeId: 'x', at: 'now', note: 'too long', lap: 0, extra: 1 }, {}],
      more: 1,
    };
    expect(faults(z.strictObject({ punches: z.array(punch) }), body)).toEqual([
      '/punches/0/type not_allowed: must be one of "in", "out"',
      '/punches/0/employeeId wrong_format: must be a UUID',
      '/punches/0/at wrong_format: must be an instant such as 2026-03-29T01:30:00Z',
      '/punches/0/note too_big: must be at most 5 characters long',
      '/punches/0/lap too_small: must be at least 1',
      '/punches/0/extra unknown_member: is not known in this object; remove it',
      '/punches/1/type required: is required',
      '/punches/1/employeeId required: is required',
      '/more unknown_member: is not known in this object; remove it',
    ]);
  });

  it('points into queries and paths as well', () => {
    const query = z.strictObject({ limit: z.coerce.number().int().max(200) });
    expect(faults(query, { limit: '201', x: '1' }, 'query')).toEqual([
      '?limit too_big: must be at most 200',
      '?x unknown_member: is not known here; remove it',
    ]);
    expect(faults(z.iso.date(), 'x', 'param', 'date')).toEqual([
      'path:date wrong_format: must be a date such as 2026-03-29',
    ]);
    expect(faults(punch, undefined)).toEqual([' required: is required']);
  });

  it('speaks of the alternative that was meant, and lets the author of a schema speak', () => {
    const either = z.union([z.strictObject({ a: z.string(), b: z.string() }), z.strictObject({ c: z.string() })]);
    expect(faults(either, { a: 'x' })).toEqual(['/b required: is required']);
    const own = z.object({ a: z.string('must be your name'), b: z.number().refine((n) => n > 1, 'must be above one') });
    expect(faults(own, { a: 1, b: 1 })).toEqual(['/a wrong_type: must be your name', '/b invalid: must be above one']);
    expect(faults(z.object({ a: z.string() }), { a: 1 })).toEqual(['/a wrong_type: must be text']);
  });

  it('waits for a schema that has to look something up', async () => {
    const schema = z.string().refine((text) => Promise.resolve(text === 'x'), 'must be x');
    const check = (value: string) => pipe.transform(value, { type: 'body', data: undefined, schema });
    await expect(check('x')).resolves.toBe('x');
    await expect(check('y')).rejects.toThrow('must be x');
  });

  it('answers a malformed id like an unknown one', () => {
    const id = idParam('punch');
    const use = (value: string) => id.transform(value, { type: 'param', data: 'id' });
    expect(use('0198B0C7-5D3E-7CC4-9A2E-3F1D2C4B5A69')).toBe('0198b0c7-5d3e-7cc4-9a2e-3f1d2c4b5a69');
    for (const wrong of [
      '',
      'x',
      '0198b0c75d3e7cc49a2e3f1d2c4b5a69',
      "' or 1=1",
      '0198b0c7-5d3e-7cc4-9a2e-3f1d2c4b5a69\n',
    ])
      expect(() => use(wrong)).toThrow('There is no such punch.');
  });
});
