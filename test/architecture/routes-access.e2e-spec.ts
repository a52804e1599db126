import { aKey } from '../support/client';
import { tenantForFile } from '../support/scene';
import { changes, concrete, type Route, routesOf } from './route-table';

const { server, tenant: acme } = tenantForFile();
let routes: Route[];

beforeAll(() => {
  routes = routesOf(server);
});

describe('the networks of a tenant', () => {
  const ofEmployees = ['attendance:read', 'attendance:write'];
  const isOfSeniors = ({ access }: Route) =>
    access?.kind === 'permission' && !access.anyOf.some((permission) => ofEmployees.includes(permission));

  it('A10: close whatever employees may not do to callers from elsewhere, and nothing that they may', async () => {
    const closed = await server.world.tenant(undefined, { allowedNetworks: ['203.0.113.0/24'] });
    const held = await closed.person({ role: 'payroll' });
    const answers = async (route: Route) => {
      const caller = route.access?.kind === 'permission' && !route.access.anyOf.includes('attendance:admin') ? held : closed.admin; // prettier-ignore
      const { status, body } = await caller.api.request(route.method, concrete(route.path), undefined, { key: aKey() });
      return [route.name, status === 403 && (body as { code: string }).code === 'IP_RESTRICTED'];
    };
    const inTenants = routes.filter(
      ({ access }) =>
        access?.kind === 'signed-in' || (access?.kind === 'permission' && String(access.anyOf) !== 'platform:admin'),
    );
    expect(inTenants.filter(isOfSeniors).length).toBeGreaterThan(60);
    expect(await Promise.all(inTenants.map(answers))).toEqual(
      inTenants.map((route) => [route.name, isOfSeniors(route)]),
    );
  });
});

describe('the route table', () => {
  it('CON-05: refuses everybody without a token, with a broken one, and without the permission', async () => {
    const guarded = routes.filter((route) => route.access?.kind !== 'public');
    for (const route of guarded) {
      const body = changes(route) ? {} : undefined;
      const none = await server.stranger.request(route.method, concrete(route.path), body);
      const broken = await server.stranger
        .with('eyJhbGciOiJub25lIn0.e30.')
        .request(route.method, concrete(route.path), body);
      expect([route.name, none.status, broken.status]).toEqual([route.name, 401, 401]);
      expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('SEC-18: lets in exactly the roles that the policies say', async () => {
    const operator = await server.world.operator();
    const payroll = await acme.person({ role: 'payroll' });
    const people = { employee: acme.employee, approver: acme.approver, payroll, admin: acme.admin, operator };
    const holds: Record<keyof typeof people, string[]> = {
      employee: ['attendance:read', 'attendance:write'],
      approver: ['attendance:read', 'attendance:write', 'attendance:approve'],
      payroll: ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll'],
      admin: ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:admin'],
      operator: ['platform:admin'],
    };
    for (const route of routes) {
      const { access } = route;
      if (access?.kind !== 'permission' || route.path.endsWith('/export')) continue;
      for (const role of Object.keys(people) as (keyof typeof people)[]) {
        const reply = await people[role].api.request(
          route.method,
          concrete(route.path),
          changes(route) ? {} : undefined,
        );
        const allowed = access.anyOf.some((permission) => holds[role].includes(permission));
        const open = reply.status !== 403 && reply.status !== 401;
        expect([route.name, role, open, reply.status < 500]).toEqual([route.name, role, allowed, true]);
      }
    }
  });
});
