import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';

const { server, tenant: acme } = tenantForEachTest();

const bakery = { name: 'Bakery', center: { latitude: 24, longitude: 72 }, radiusMeters: 500 };
const inside = { latitude: 24.001, longitude: 72.001 };
const outside = { latitude: 24.01, longitude: 72.01 };
const fenced = async (geofence: object) => {
  const reply = await acme.admin.api.put('/api/attendance/settings', { geofence: { fences: [bakery], ...geofence } });
  expect(reply.status).toBe(200);
};
const punch = (more: object, by: Person = acme.employee) =>
  by.api.post('/api/punches', { employeeId: acme.employee.id, type: 'in', source: 'mobile', ...more });
const outcome = ({ status, body }: Reply) => [status, body.status ?? body.code, body.flags];

describe('where punches are expected', () => {
  it('GEO-01 GEO-02: is inside of a fence; a punch from elsewhere counts and is flagged, unless the tenant says more', async () => {
    await fenced({});
    expect(outcome(await punch(inside))).toEqual([201, 'active', []]);
    expect(outcome(await punch({ ...outside, type: 'out' }))).toEqual([201, 'active', ['outside_geofence']]);
  });

  it('is nowhere in particular while there is no fence', async () => {
    expect(outcome(await punch(outside))).toEqual([201, 'active', []]);
  });

  it('may be a polygon', async () => {
    const corners = [
      { latitude: 24, longitude: 72 },
      { latitude: 24, longitude: 72.02 },
      { latitude: 24.02, longitude: 72.02 },
      { latitude: 24.02, longitude: 72 },
    ];
    await fenced({ fences: [{ name: 'Yard', corners }], outside: 'refuse' });
    expect(outcome(await punch(outside))).toEqual([201, 'active', []]);
    expect((await punch({ latitude: 23.99, longitude: 72.01, type: 'out' })).body.code).toBe('outside_geofence');
  });

  it('refuses, where the tenant says so, and says how far away from what', async () => {
    await fenced({ outside: 'refuse' });
    const { status, body } = await punch(outside);
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'outside_geofence', '/latitude']);
    expect(body.detail).toBe(
      'The position lies 1007 m outside of Bakery, the nearest place where punches are expected.',
    );
    expect(await server.database.count('punches', 'employee_id = $1', [acme.employee.id])).toBe(0);
  });

  it('holds for the decision of somebody else; the same punch again is the same, and accepted it counts', async () => {
    await fenced({ outside: 'hold' });
    const timestamp = new Date().toISOString();
    const held = await punch({ ...outside, timestamp });
    expect(outcome(held)).toEqual([201, 'quarantined', ['outside_geofence']]);
    const again = await punch({ ...outside, timestamp });
    expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, held.body.id, true]);
    const decide = (by: Person) =>
      by.api.put(`/api/punches/${held.body.id}/quarantine`, { status: 'accepted', reason: 'At a customer' });
    expect((await decide(acme.employee)).status).toBe(403);
    expect(outcome(await decide(acme.admin))).toEqual([200, 'active', ['outside_geofence']]);
  });

  it('is judged with the accuracy that a device tells, as far as the tenant trusts it, and both stay readable', async () => {
    await fenced({ outside: 'refuse', toleranceMeters: 200 });
    const near = { latitude: 24, longitude: 72.0065 }; // 660 m away from the center
    expect((await punch(near)).body.code).toBe('outside_geofence');
    const unsure = await punch({ ...near, accuracyMeters: 180 });
    expect(outcome(unsure)).toEqual([201, 'active', []]);
    const read = await acme.employee.api.get(`/api/punches/${unsure.body.id}`);
    expect(read.body).toMatchObject({ ...near, accuracyMeters: 180 });
    expect((await punch({ ...outside, accuracyMeters: 5000, type: 'out' })).body.code).toBe('outside_geofence');
  });

  it('needs a position from the sources that the tenant names', async () => {
    await fenced({ outside: 'refuse', positionRequired: ['mobile'] });
    const { body } = await punch({});
    expect([body.code, body.detail]).toEqual([
      'outside_geofence',
      'Punches from here need a position: send latitude and longitude.',
    ]);
    expect(outcome(await punch({ source: 'web' }))).toEqual([201, 'active', []]);
    await fenced({ positionRequired: ['mobile'] });
    expect(outcome(await punch({ type: 'out' }))).toEqual([201, 'active', ['position_missing']]);
  });

  it('binds no device: what a batch or a terminal reports is flagged and counts', async () => {
    await fenced({ outside: 'refuse' });
    const item = { employeeId: acme.employee.id, type: 'in', timestamp: new Date().toISOString(), ...outside };
    const batch = await acme.admin.api.post('/api/punches/batch', { punches: [item] });
    expect(batch.body.results[0]).toMatchObject({ status: 'created', flags: ['outside_geofence'] });
    const terminal = await punch({ ...outside, source: 'terminal', type: 'out' }, acme.admin);
    expect(outcome(terminal)).toEqual([201, 'active', ['outside_geofence']]);
  });
});

describe('a fence', () => {
  it.each<[string, object, string]>([
    ['without a place', { fences: [{ name: 'Nowhere' }] }, '/geofence/fences/0'],
    ['off the earth', { fences: [{ ...bakery, center: { latitude: 91, longitude: 0 } }] }, '/geofence/fences/0'],
    ['of two corners', { fences: [{ name: 'Line', corners: [inside, outside] }] }, '/geofence/fences/0'],
    ['smaller than any phone can tell', { fences: [{ ...bakery, radiusMeters: 1 }] }, '/geofence/fences/0'],
    ['that does what nobody knows', { outside: 'shout' }, '/geofence/outside'],
  ])('%s is refused by name', async (_, geofence, pointer) => {
    const { status, body } = await acme.admin.api.put('/api/attendance/settings', { geofence });
    expect(status).toBe(400);
    expect(body.errors.map((fault: { pointer: string }) => fault.pointer)).toContainEqual(
      expect.stringMatching(`^${pointer}`),
    );
  });
});
