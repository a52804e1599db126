import { auditedActions, auditedEntities } from '../../src/audit/ledger/entry';
import { shownAction, shownEntity } from '../../src/audit/reading/words';
import { tenantForFile } from '../support/scene';

const { tenant: acme } = tenantForFile();

const lists = ['/api/audit-logs', '/api/attendance-admin/audit-logs'];
type Entry = { entity: string; action: string; punchId?: string };
const found = async (query: Record<string, string>, path = '/api/audit-logs') => {
  const { status, body } = await acme.admin.api.get(path, { query });
  expect([query, status]).toEqual([query, 200]);
  return body.data as Entry[];
};

describe('the words of the ledger', () => {
  it.each(lists)(
    'ATT-12: are nouns and what has happened, and are asked for in either spelling, at %s',
    async (path) => {
      const { id: employeeId } = await acme.person({});
      const punch = await acme.admin.api.post('/api/punches', { employeeId, type: 'in' });
      const entry = { entity: 'Punch', action: 'created', punchId: punch.body.id };
      for (const query of [
        { entity: 'Punch', action: 'created' },
        { entity: 'punch', action: 'create' },
        { entity: 'PUNCH', action: 'Created' },
      ]) {
        expect(await found(query, path)).toContainEqual(expect.objectContaining(entry));
      }
    },
  );

  it('mean the same entries in every spelling, also where they are of several words', async () => {
    await acme.admin.api.post(`/api/attendance-admin/users/${acme.employee.id}/roles/assign`, { template: 'approver' });
    for (const entity of ['RoleAssignment', 'role_assignment', 'role-assignment', 'Role Assignment'])
      expect(await found({ entity, action: 'assigned' })).toMatchObject([
        { entity: 'RoleAssignment', action: 'assigned' },
      ]);
  });

  it.each([
    ['action', 'made'],
    ['entity', 'Punches'],
    ['entity', ''],
    ['action', 'created,updated'],
  ])('%s=%p is 400 and says which words there are, never an empty list', async (name, value) => {
    for (const path of [...lists, '/api/attendance-admin/audit-logs/export']) {
      const { status, body } = await acme.admin.api.get(path, { query: { [name]: value } });
      expect([path, status, body.errors[0].pointer]).toEqual([path, 400, `?${name}`]);
      expect(body.errors[0].detail).toContain(name === 'action' ? 'created, updated' : 'Punch, User');
    }
  });

  it('are one for each that is stored, and no two are alike', async () => {
    for (const entity of auditedEntities) await found({ entity: shownEntity(entity) });
    for (const action of auditedActions) await found({ action: shownAction(action) });
    expect(new Set(auditedEntities.map(shownEntity)).size).toBe(auditedEntities.length);
    expect(new Set(auditedActions.map(shownAction)).size).toBe(auditedActions.length);
  });
});
