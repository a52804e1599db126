import { request } from 'node:http';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { getToken } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { ApplicationRegistry } from '../metrics/instruments/application-registry';
import { InstrumentsModule } from '../metrics/instruments/instruments.module';
import { TenantGuard } from './tenant.guard';
import { Allow, Public, SignedIn } from './access.decorators';
import { AuthenticationGuard } from './authentication.guard';
import { PermissionGuard } from './permission.guard';
import type { Principal } from './principal';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { KeyAuthentication } from './key-authentication';
import { PrincipalDirectory } from './principal-directory';
import { permissionsOf } from './roles';
import { assertEveryRouteHasAccess } from './route-access';
import { TokenVerifier } from './token-verifier';
import { tokenRefused } from './refusals';
import { Problem } from '../http/problems/problem';

const person = (tenantId: string, ...roles: string[]) =>
  ({ userId: 'u', tenantId, tenantSlug: 'acme', roles, permissions: permissionsOf(roles) }) as unknown as Principal;
const people: Record<string, Principal | null> = {
  erin: person('tenant-a', 'employee'),
  ada: person('tenant-a', 'admin'),
  operator: person(PLATFORM_TENANT, 'platform_admin'),
  stray: person(PLATFORM_TENANT, 'admin'), // a tenant's role given to somebody of the platform
  gone: null,
};

@Controller()
class Routes {
  @Get('public') @Public() open() {
    return 'open';
  }
  @Get('me') @SignedIn() me() {
    return 'me';
  }
  @Get('read') @Allow('attendance:read') read() {
    return 'read';
  }
  @Get('admin') @Allow('attendance:admin') admin() {
    return 'admin';
  }
  @Get('tenants') @Allow('platform:admin') tenants() {
    return 'tenants';
  }
}
@Controller()
class Forgotten {
  @Get('forgotten') forgotten() {
    return 'never';
  }
}
@Controller()
@Allow('attendance:read')
class Covered {
  @Get('covered') covered() {
    return 'covered';
  }
}

const remembered = new Set<string>();
const tokens = {
  peek: (token: string) => (remembered.has(token) ? { tenantId: '', userId: token, expiresAt: 0 } : undefined),
  verify: (token: string) =>
    token in people
      ? Promise.resolve({ tenantId: '', userId: token, expiresAt: 0 })
      : Promise.reject(tokenRefused('no')),
};
const directory = {
  peek: (_t: string, id: string) => (remembered.has(id) ? people[id] : undefined),
  find: (_t: string, id: string) => Promise.resolve(people[id]),
};

async function start(...controllers: (new () => object)[]): Promise<NestFastifyApplication> {
  @Module({
    imports: [DiscoveryModule, InstrumentsModule.for(new ApplicationRegistry())],
    controllers,
    providers: [
      { provide: TokenVerifier, useValue: tokens },
      { provide: PrincipalDirectory, useValue: directory },
      { provide: KeyAuthentication, useValue: {} },
      { provide: APP_GUARD, useClass: AuthenticationGuard },
      { provide: APP_GUARD, useClass: TenantGuard },
      { provide: APP_GUARD, useClass: PermissionGuard },
    ],
  })
  class App {}
  const built = await Test.createTestingModule({ imports: [App] }).compile();
  const app = built.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useGlobalFilters({
    catch: (
      problem: Problem,
      host: {
        switchToHttp(): { getResponse(): { status(n: number): { headers(h: object): { send(b: object): void } } } };
      },
    ) => {
      host
        .switchToHttp()
        .getResponse()
        .status(problem.status)
        .headers(problem.extras.headers ?? {})
        .send({ code: problem.code });
    },
  } as never);
  await app.listen(0, '127.0.0.1');
  return app;
}

let app: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  app = await start(Routes, Forgotten, Covered);
  url = await app.getUrl();
});
afterAll(() => app.close());
beforeEach(() => {
  remembered.clear();
});

function get(
  path: string,
  headers: Record<string, string | string[]> = {},
): Promise<{ status: number; code?: string; challenge?: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        if (status === 200) {
          resolve({ status });
          return;
        }
        const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string };
        const challenge = answer.headers['www-authenticate'];
        resolve({ status, code, ...(challenge ? { challenge } : {}) });
      });
    });
    sent.on('error', reject).end();
  });
}
const as = (who: string) => ({ authorization: `Bearer ${who}` });

it.each([
  ['/public', 200, 200, 200, 200],
  ['/me', 401, 200, 200, 200],
  ['/read', 401, 200, 200, 403],
  ['/covered', 401, 200, 200, 403],
  ['/admin', 401, 403, 200, 403],
  ['/tenants', 401, 403, 403, 200],
  ['/forgotten', 401, 403, 403, 403],
])(
  'SEC-18: %s answers nobody %i, employee %i, admin %i, operator %i',
  async (path, nobody, employee, admin, operator) => {
    for (let round = 0; round < 2; round++) {
      expect((await get(path)).status).toBe(nobody);
      expect((await get(path, as('erin'))).status).toBe(employee);
      expect((await get(path, as('ada'))).status).toBe(admin);
      expect((await get(path, as('operator'))).status).toBe(operator);
      ['erin', 'ada', 'operator'].forEach((name) => remembered.add(name)); // the second round is the synchronous way
    }
  },
);

it('SEC-01: refuses with a challenge whatever is not exactly one bearer token', async () => {
  for (const authorization of ['Bearer', 'Bearer ', 'Basic YTpi', 'Token erin', 'erin', 'Bearererin'])
    expect(await get('/me', { authorization })).toEqual({
      status: 401,
      code: 'unauthorized',
      challenge: 'Bearer realm="rollcall"',
    });
  expect(await get('/me')).toMatchObject({ status: 401, challenge: 'Bearer realm="rollcall"' });
  expect(await get('/me', as('forged'))).toMatchObject({
    status: 401,
    challenge: 'Bearer realm="rollcall", error="invalid_token"',
  });
  expect((await get('/me', { authorization: ['Bearer erin', 'Bearer ada'] })).status).toBe(401);
  expect((await get('/me', { authorization: ['Bearer erin', 'Bearer erin'] })).status).toBe(401);
  expect((await get('/me', { authorization: 'bearer erin' })).status).toBe(200);
});

it('SEC-16: a deactivated person is refused, remembered or not', async () => {
  expect((await get('/me', as('gone'))).status).toBe(401);
  remembered.add('gone');
  expect((await get('/me', as('gone'))).status).toBe(401);
});

it('SEC-17: ignores tokens in the query string and in cookies', async () => {
  expect((await get('/me?access_token=erin&token=erin&authorization=Bearer%20erin')).status).toBe(401);
  expect((await get('/me', { cookie: 'token=erin; access_token=erin' })).status).toBe(401);
});

it('fails closed without a tenant, and says so', async () => {
  expect(await get('/read', as('stray'))).toEqual({ status: 403, code: 'tenant_required' });
  expect(await get('/read', { ...as('operator'), 'x-tenant-id': 'tenant-a' })).toEqual({
    status: 403,
    code: 'tenant_required',
  });
});

it('counts X-Tenant-Id of those who may not choose, and lets it choose nothing', async () => {
  const tenantHeaderIgnored = app.get<Counter>(getToken('tenant_header_ignored_total'), { strict: false });
  const before = (await tenantHeaderIgnored.get()).values[0]?.value ?? 0;
  expect((await get('/read', { ...as('erin'), 'x-tenant-id': 'tenant-b' })).status).toBe(200);
  expect((await get('/tenants', { ...as('operator'), 'x-tenant-id': 'tenant-b' })).status).toBe(200);
  expect((await tenantHeaderIgnored.get()).values[0]?.value).toBe(before + 1);
});

it('names the routes that state no policy', async () => {
  expect(() => {
    assertEveryRouteHasAccess(app);
  }).toThrow('Forgotten.forgotten');
  const closed = await start(Routes, Covered);
  expect(() => {
    assertEveryRouteHasAccess(closed);
  }).not.toThrow();
  await closed.close();
});
