import { tenantForEachTest } from '../support/scene';

const { server, tenant: acme } = tenantForEachTest();
const base = '/api/attendance/import';

beforeEach(async () => {
  await server.database.sql(
    `INSERT INTO users (tenant_id, name, employee_number) VALUES ($1, 'A', '0100'), ($1, 'B', '0101')`,
    [acme.id],
  );
});

const template = (query = '', accept?: string) =>
  acme.admin.api.get(`${base}/template${query}`, accept === undefined ? {} : { headers: { accept } });

describe('the template', () => {
  it('has calls whose bodies work as they are', async () => {
    const { body } = await template();
    const bodyOf = (path: string) =>
      (body.calls as { call: string; body: object }[]).find(({ call }) => call === `POST ${base}/${path}`)?.body;
    const looked = await acme.admin.api.post(`${base}/preview`, bodyOf('preview'));
    expect([looked.status, looked.body.counts, looked.body.mapping.fields]).toEqual([
      200,
      expect.objectContaining({ create: 4, reject: 0 }),
      body.mapping.fields,
    ]);
    const { commitToken } = looked.body as { commitToken: string };
    const done = await acme.admin.api.post(`${base}/commit`, { ...bodyOf('commit'), commitToken });
    expect([done.status, done.body.status, done.body.counts.create]).toEqual([200, 'completed', 4]);
    expect((await acme.admin.api.get(body.profiles as string)).status).toBe(200);
  });

  it.each([
    ['punches', 4],
    ['days', 8],
  ])('of %s is a CSV file to download, which is read as it is', async (kind, create) => {
    const reply = await template(`?format=csv&kind=${kind}`);
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="rollcall-${kind}.csv"`);
    const looked = await acme.admin.api.post(`${base}/preview`, { csvText: reply.text });
    expect([looked.body.profile.name, looked.body.kind]).toEqual([`plain-${kind}`, kind]);
    expect(looked.body.counts).toMatchObject({ create, reject: 0 });
  });

  it('comes as what Accept asks for, where format does not say', async () => {
    const typeOf = async (query: string, accept: string) =>
      (await template(query, accept)).headers.get('content-type')?.split(';', 1)[0];
    expect(await typeOf('', 'text/csv')).toBe('text/csv');
    expect(await typeOf('', 'text/csv, */*;q=0.1')).toBe('text/csv');
    expect(await typeOf('', '*/*')).toBe('application/json');
    expect(await typeOf('', 'application/json, text/csv')).toBe('application/json');
    expect(await typeOf('?format=json', 'application/json')).toBe('application/json');
    expect(await typeOf('?format=csv', '*/*')).toBe('text/csv');
  });
});
