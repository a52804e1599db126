import { concrete } from '../architecture/route-table';
import { tenantForFile } from '../support/scene';

interface Parameter {
  readonly in?: string;
  readonly name?: string;
}

const { server, tenant: acme } = tenantForFile();

const pairs = [
  ['from', 'to'],
  ['startDate', 'endDate'],
] as const;
const dates: readonly Span[] = [
  ['2026-03-02', '2026-03-01'],
  ['2026-03-31', '2026-03-02'],
];
const instants: Span = ['2026-03-04T10:00:00Z', '2026-03-02T11:30:00+02:00'];
type Span = readonly [begin: string, end: string];

/** Every path that takes a first and a last date or instant, with the names that it has for them. */
async function lists(): Promise<[path: string, begin: string, end: string][]> {
  const { body } = await server.stranger.get('/openapi.json');
  const paths = body.paths as Record<string, { get?: { parameters?: readonly Parameter[] } }>;
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const names = (get?.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name);
    return pairs
      .filter((pair) => pair.every((name) => names.includes(name)))
      .map(([begin, end]): [string, string, string] => [concrete(path.replaceAll(/\{(\w+)\}/g, ':$1')), begin, end]);
  });
}

it('every list refuses a span that ends before it begins, by the names of both ends', async () => {
  const found = await lists();
  const some = ['/api/punches', '/api/attendance/days', '/api/audit-logs', '/api/schedules', '/api/attendance/leave'];
  expect(found.map(([path]) => path)).toEqual(expect.arrayContaining(some));
  expect(found.length).toBeGreaterThan(12);
  for (const [path, begin, end] of found) {
    const ask = ([first, last]: Span) => {
      const query = { ...(path === '/api/attendance/export' ? { kind: 'days' } : {}), [begin]: first, [end]: last };
      return acme.admin.api.get(path, { query });
    };
    const takesDates = (await ask(['2026-03-02', '2026-03-02'])).status === 200;
    for (const span of [instants, ...(takesDates ? dates : [])]) {
      const { status, body } = await ask(span);
      const pointers = (body?.errors as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer);
      const expected = [path, 422, 'end_before_start', [`?${end}`, `?${begin}`]];
      expect([path, status, body?.code, pointers]).toEqual(expected);
      expect(body.detail).toContain(`${end} is ${span[1]}, and ${begin} is ${span[0]}`);
    }
  }
});

it('a day as the end counts as a whole, beside an instant as the beginning', async () => {
  const trail = (query: Record<string, string>) => acme.admin.api.get('/api/admin/audit-logs', { query });
  expect((await trail({ startDate: '2026-03-02T10:00:00Z', endDate: '2026-03-02' })).status).toBe(200);
  expect((await trail({ startDate: '2026-03-02T10:00:00Z', endDate: '2026-03-01' })).body.code).toBe(
    'end_before_start',
  );
  expect((await trail({ startDate: '2026-03-02', endDate: '2026-03-01T10:00:00Z' })).body.code).toBe(
    'end_before_start',
  );
});

it('an export that is made in the background is refused as well, before there is a job', async () => {
  const reply = await acme.admin.api.post('/api/attendance/export/jobs', {
    kind: 'days',
    from: '2026-03-02',
    to: '2026-03-01',
  });
  expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([422, 'end_before_start', '/to']);
});
