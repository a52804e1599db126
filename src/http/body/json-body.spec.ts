import fc from 'fast-check';
import { parseJson } from './json-body';
import { Problem } from '../problems/problem';

const parse = (text: string) => parseJson(Buffer.from(text));

function refusalOf(body: string | Buffer): { code: string; faults: string[] } {
  try {
    parseJson(Buffer.from(body as string));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { code: error.code, faults: (error.extras.errors ?? []).map((fault) => `${fault.pointer} ${fault.code}`) };
  }
  throw new Error('was accepted');
}

describe('a JSON body', () => {
  it('SEC-34 is JSON and nothing near it', () => {
    for (const text of [
      '{"a":1,}',
      '[1,]',
      '{"a":NaN}',
      '{a:1}',
      "{'a':1}",
      '// c\n{}',
      '{"a":1}}',
      '',
      ' ',
      '[[[',
      '{"a":01}',
      '"\t"',
    ])
      expect([text, refusalOf(text).code]).toEqual([text, 'malformed_json']);
    expect(refusalOf('{"a":{"b":NaN}}').faults).toEqual(['/a/b malformed_json']);
  });

  it('SEC-34 is UTF-8 without a byte order mark', () => {
    expect(refusalOf('\uFEFF{}').code).toBe('malformed_json');
    expect(refusalOf(Buffer.from([0x22, 0xff, 0x22])).code).toBe('malformed_json');
    expect(refusalOf(Buffer.from('{}', 'utf16le')).code).toBe('malformed_json');
  });

  it('SEC-34 gives no name twice, however it is spelled', () => {
    expect(refusalOf('{"a":1,"a":2}').faults).toEqual(['/a duplicate_name']);
    expect(refusalOf('{"x":[{"a":1,"\\u0061":2}]}').faults).toEqual(['/x/0/a duplicate_name']);
    expect(refusalOf('{"a" : ":", "b":"\\":", "a" :1}').faults).toEqual(['/a duplicate_name']);
    expect(parse('{"a":{"a":[{"a":":"},{"a":"\\":"}]}}')).toEqual({ a: { a: [{ a: ':' }, { a: '":' }] } });
  });

  it('SEC-34 poisons no prototype', () => {
    expect(refusalOf('{"__proto__":{"admin":true}}').faults).toEqual(['/__proto__ forbidden_name']);
    expect(refusalOf('{"a":[{"\\u005f_proto__":1}]}').faults).toEqual(['/a/0/__proto__ forbidden_name']);
    expect(refusalOf('{"constructor":{"prototype":{"admin":true}}}').faults).toEqual(['/constructor forbidden_name']);
    expect(parse('{"constructor":"Ms Builder"}')).toEqual({ constructor: 'Ms Builder' });
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('IDM-05 keeps every number, or is refused', () => {
    for (const number of ['9007199254740993', '-9007199254740992', '1e400', '-1e400', '1e300'])
      expect(refusalOf(`{"n":${number}}`).faults).toEqual(['/n number_out_of_range']);
    expect(parse('[1, 1.0, 1e0, 9007199254740991, -0.5]')).toEqual([1, 1, 1, 9007199254740991, -0.5]);
  });

  it('SEC-34 holds only text that can be stored', () => {
    expect(refusalOf('{"a":"\\u0000"}').faults).toEqual(['/a nul_character']);
    expect(refusalOf('{"a":"\\ud800"}').faults).toEqual(['/a lone_surrogate']);
    expect(refusalOf('{"\\udc00":1}').faults[0]).toMatch(/lone_surrogate$/);
    expect(parse('{"a":"\\ud83d\\ude00 \\u006e"}')).toEqual({ a: '😀 n' });
  });

  it('is 32 levels deep at most, and an endless one is refused without harm', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parse(nested(32))).toBeDefined();
    expect(refusalOf(nested(33)).faults[0]).toMatch(/too_deep$/);
    expect(refusalOf(nested(200_000)).faults[0]).toMatch(/too_deep$/);
    expect(refusalOf('['.repeat(500_000)).code).toBe('malformed_json');
    expect(refusalOf('{"a":'.repeat(100_000)).code).toBe('malformed_json');
  });

  it('names all faults at once, but not without end', () => {
    expect(refusalOf('{"a":1e400,"b":"\\u0000","b":1}').faults).toEqual([
      '/a number_out_of_range',
      '/b duplicate_name',
    ]);
    expect(refusalOf(`[${Array(5000).fill('1e400').join()}]`).faults).toHaveLength(100);
    expect(refusalOf('{"a/b":{"~":1e400}}').faults).toEqual(['/a~1b/~0 number_out_of_range']);
  });

  it('is what was sent: anything that JSON.stringify writes is read back as it was', () => {
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constantFrom(null, ':', '":', '{"a":1,"a":2}'),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z":\\]{1,5}$/), tie('node'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        expect(parse(JSON.stringify(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});
