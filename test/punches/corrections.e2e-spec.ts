import { aKey } from '../support/client';
import { clock, minutesAgo, punch } from './scene';

const { server, acme, someone } = clock();

describe('corrections', () => {
  const recorded = async () => {
    const anna = await someone();
    const reply = await punch(anna.api, anna, 'in', { timestamp: minutesAgo(90) });
    return { anna, id: String(reply.body.id) };
  };

  it('adds a new fact and leaves the old one readable', async () => {
    const { anna, id } = await recorded();
    const timestamp = minutesAgo(100);
    const reply = await acme.approver.api.patch(
      `/api/punches/${id}`,
      { timestamp, reason: 'Kiosk was down' },
      { key: aKey() },
    );
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      type: 'in',
      occurredAt: timestamp,
      replaces: id,
      status: 'active',
      reason: 'Kiosk was down',
    });
    const old = await anna.api.get(`/api/punches/${id}`);
    expect(old.body).toMatchObject({ status: 'superseded', supersededBy: reply.body.id, reason: 'Kiosk was down' });
    const listed = await anna.api.get('/api/punches');
    expect(listed.body.data.map((p: { id: string }) => p.id)).toEqual([reply.body.id]);
    const [entry] = await server.database.sql(
      "SELECT changes FROM audit_logs WHERE punch_id = $1 AND action = 'update'",
      [id],
    );
    expect(entry?.changes).toMatchObject({ after: { supersededBy: reply.body.id, reason: 'Kiosk was down' } });
  });

  it('demands a reason, and something to change', async () => {
    const { id } = await recorded();
    expect((await acme.admin.api.patch(`/api/punches/${id}`, { type: 'out' })).body.errors[0].pointer).toBe('/reason');
    expect((await acme.admin.api.patch(`/api/punches/${id}`, { reason: 'no change' })).status).toBe(400);
  });

  it('refuses a lost race (412) and a second correction of the same original (409)', async () => {
    const { id } = await recorded();
    const correct = (headers: Record<string, string>) =>
      acme.admin.api.patch(`/api/punches/${id}`, { type: 'out', reason: 'Pressed the wrong button' }, { headers });
    expect((await correct({ 'if-match': '"7"' })).status).toBe(412);
    expect((await correct({ 'if-match': '"1"' })).status).toBe(200);
    const again = await correct({});
    expect([again.status, again.body.code]).toEqual([409, 'punch_not_active']);
  });

  it('deletes with a reason; the original stays readable and no longer counts', async () => {
    const { anna, id } = await recorded();
    const reply = await acme.admin.api.delete(`/api/punches/${id}`, { reason: 'Wrong person' }, { key: aKey() });
    expect([reply.status, reply.body.status]).toEqual([200, 'deleted']);
    expect((await anna.api.get(`/api/punches/${id}`)).body).toMatchObject({
      status: 'deleted',
      reason: 'Wrong person',
    });
    expect((await anna.api.get('/api/punches')).body.data).toEqual([]);
    expect((await anna.api.get('/api/punches', { query: { status: 'all' } })).body.data).toHaveLength(1);
    expect((await punch(anna.api, anna, 'in', { timestamp: minutesAgo(90) })).status).toBe(201);
  });

  it('is not for employees', async () => {
    const { anna, id } = await recorded();
    expect((await anna.api.patch(`/api/punches/${id}`, { type: 'out', reason: 'because' })).status).toBe(403);
    expect((await anna.api.delete(`/api/punches/${id}`, { reason: 'because' })).status).toBe(403);
  });
});
