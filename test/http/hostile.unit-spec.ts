import { fastify } from 'fastify';
import { readRefreshToken } from '../../src/auth/refresh-token';
import { readStrictly } from '../../src/auth/strict-jws';
import { DownloadLinks } from '../../src/attendance/exports/jobs/download-link';
import { zoneNamed } from '../../src/attendance/rules/time/zone';
import { uploadedLines, readLines } from '../../src/attendance/terminals/attlog-lines';
import { Cursors } from '../../src/http/paging/cursor';
import { expectedVersion } from '../../src/http/input/if-match';
import { parseJson } from '../../src/http/body/json-body';
import { accepts } from '../../src/http/request/negotiation';
import { Problem } from '../../src/http/problems/problem';
import { clientAddress } from '../../src/http/request/request-target';
import { expectLinear } from '../support/cpu';

type Shape = (size: number) => string;

/** As text of about `size` characters, whatever a piece of it weighs. */
const of =
  (piece: string, before = '', after = ''): Shape =>
  (size) =>
    before + piece.repeat(Math.ceil(size / piece.length)) + after;

/** A fault in a wide object at the end of a deep one: depth and width grow together. */
const deepThenWide: Shape = (size) =>
  '{"a":'.repeat(size / 250) + '{' + '"b":1,'.repeat(size / 8) + 'x'.repeat(size / 100);

const members: Shape = (size) => `{${Array.from({ length: size / 12 }, (_, n) => `"k${n}":1`).join()}}`;

/** Refused or taken: what is asked is what it costs. */
function tried(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
  }
}

describe('what is read before anybody is let in costs no more than its length (A1)', () => {
  it.each<[string, Shape]>([
    ['a fault behind many members of a deep object', deepThenWide],
    ['objects without end', of('{"a":')],
    ['lists without end', of('[')],
    ['lists in lists', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
    ['a fault at the end of a long list', of('1,', '[', 'x]')],
    ['a fault at the end of many objects', of('{"a":{}},', '[', 'x]')],
    ['members that nobody knows', members],
    ['one name again and again', of('"b":1,', '{', '"b":1}')],
    ['one name again and again, far down', of('"b":1,', '{"a":'.repeat(30) + '{', '"b":1}' + '}'.repeat(30))],
    ['values that would not survive', of('1e400,', '[', '1]')],
    ['halves of characters', of('"\\ud800",', '[', '1]')],
    ['a name of half the body above many faults', (size) => `{"${'x'.repeat(size)}":[${'1e400,'.repeat(size / 8)}1]}`],
    ['colons and blanks', of('\\" : ', '{"a":"', '"}')],
    ['blanks', of(' ', '', 'x')],
    ['line ends', of('\n', '', 'x')],
    ['a text that does not end', of('a', '"')],
    ['escapes that are none', of('\\q', '"')],
    ['digits', of('1', '', 'x')],
    ['commas', of(',', '[')],
  ])('a JSON body of %s', async (_, shape) => {
    await expectLinear((size) => {
      const body = Buffer.from(shape(size));
      tried(() => parseJson(body));
    }, 200_000);
  });

  it.each<[string, Shape, (text: string) => unknown]>([
    ['Accept of many ranges', of('a/b;q=0.1,'), (text) => accepts(text, ['application/json'])],
    ['Accept of many parameters', of(';q=', '*/*'), (text) => accepts(text, ['application/json'])],
    ['If-Match of blanks', of(' ', '"1"', 'x'), expectedVersion],
    ['If-Match of digits', of('1', '"'), expectedVersion],
    ['a token of many parts', of('a.'), readStrictly],
    [
      'a token of deep lists',
      (size) =>
        Array(3)
          .fill(Buffer.from('['.repeat(size)).toString('base64url'))
          .join('.'),
      readStrictly,
    ],
    ['a refresh token', of('a', 'rcr_'), readRefreshToken],
  ])('%s', async (_, shape, read) => {
    await expectLinear((size) => {
      const text = shape(size);
      tried(() => read(text));
    }, 200_000);
  });

  it('the query and X-Forwarded-For', async () => {
    const server = fastify({ trustProxy: (_address, hop) => hop < 2 });
    server.get('/', (request) => ({ ...(request.query as object), from: clientAddress(request) }));
    const ask = (query: string, forwarded: string) =>
      server.inject({ url: `/?${query}`, headers: { 'x-forwarded-for': forwarded } });
    for (const piece of ['a&', '&', 'a=1&', '%', '%25', '+', 'a[b]=1&'])
      await expectLinear((size) => ask(of(piece)(size), ''), 200_000);
    for (const piece of ['1.1.1.1,', ',', ' ', '1', '[', ':'])
      await expectLinear((size) => ask('', of(piece)(size)), 100_000);
    await server.close();
  });

  it('a cursor and a signed link', async () => {
    const cursors = new Cursors(Buffer.alloc(32, 1));
    const links = new DownloadLinks(cursors);
    const scope = { tenantId: 't', route: 'r', filters: {} };
    const tenant = '01900000-0000-7000-8000-000000000000';
    for (const piece of ['.', 'a', 'a.', '=', '~'])
      await expectLinear((size) => {
        tried(() => cursors.decode(scope, of(piece)(size)));
        tried(() => links.read(of(piece, `${tenant}~`)(size)));
        tried(() => links.read(of(piece)(size)));
      }, 200_000);
  });

  it('the lines of a terminal', async () => {
    const [keys, berlin] = [{ states: {} }, zoneNamed('Europe/Berlin')];
    const now = new Date('2026-03-02T08:00:00Z');
    for (const piece of ['\n', 'a\n', '\t', ' ', '\0', '7\t2026-03-02 07:00:00\t0\t1\n', '1', '7\t2026-03-02 07:00:00'])
      await expectLinear((size) => readLines(uploadedLines(of(piece)(size)), keys, berlin, now), 40_000);
  });
});

describe('a refusal', () => {
  const answerTo = (body: string): Problem => {
    try {
      parseJson(Buffer.from(body));
    } catch (error) {
      if (error instanceof Problem) return error;
    }
    throw new Error('was taken');
  };
  const sizeOf = ({ detail, extras }: Problem) => JSON.stringify([detail, extras.errors]).length;

  it.each<[string, string]>([
    ['a name of half a megabyte above two hundred faults', `{"${'x'.repeat(500_000)}":[${'1e400,'.repeat(200)}1]}`],
    ['such a name given twice', `{${`"${'~'.repeat(400_000)}":1,`.repeat(2)}"a":1}`],
    ['a fault two thousand levels down', '{"abcdefgh":'.repeat(2000) + 'x'],
  ])('does not grow with the names that it points at: %s', (_, body) => {
    expect(sizeOf(answerTo(body))).toBeLessThan(150_000);
  });

  it('points at what encloses the fault where the way to it is longer than any of ours', () => {
    const [fault] = answerTo(`{"a":{"${'x'.repeat(5000)}":1e400}}`).extras.errors ?? [];
    expect(fault).toMatchObject({ pointer: '/a', code: 'number_out_of_range' });
  });
});
