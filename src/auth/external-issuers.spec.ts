import { Logger } from '@nestjs/common';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { Config } from '../config/config';
import type { UnitOfWork } from '../database/unit-of-work';
import { ExternalIssuers } from './external-issuers';
import type { PrincipalsRepository } from './principals.repository';
import { RemoteKeys, standardLimits } from './remote-keys';
import { readStrictly } from './strict-jws';
import { until } from '../../test/support/until';

const place = {
  tenant_id: '01993317-6990-7a02-9d3c-0f5f4c1a2b3d',
  slug: 'acme',
  user_id: '01993317-6994-7f44-af47-56d61bd62a10',
};
let server: Server;
let answer: RequestListener;
let fetches = 0;
let url: string;
let issuers: ExternalIssuers;
let one: { privateKey: CryptoKey; jwk: JWK };
let two: { privateKey: CryptoKey; jwk: JWK };

async function keyPair(kid: string, alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
const publish = (...keys: unknown[]) => {
  answer = (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  };
};

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = createServer((request, response) => {
    fetches++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  [one, two] = await Promise.all([keyPair('one'), keyPair('two')]);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  fetches = 0;
  publish(one.jwk);
  const work = { read: (_tenant: string, run: (tx: unknown) => unknown) => run({}) } as unknown as UnitOfWork;
  const people = {
    places: (_tx: unknown, email: string, slug: string) =>
      Promise.resolve(email === 'erin@acme.test' && slug === 'acme' ? [place] : []),
  } as unknown as PrincipalsRepository;
  const issuer = {
    issuer: 'https://id.test',
    jwksUrl: url,
    audience: 'rollcall',
    tenant: 'acme',
    algorithms: ['ES256', 'RS256'],
  };
  issuers = new ExternalIssuers(work, people, {
    AUTH_EXTERNAL_ISSUERS: [issuer],
    AUTH_PRINCIPAL_CACHE_MS: 5000,
  } as Config);
});

function token(key = one, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: 'https://id.test',
    aud: 'rollcall',
    sub: 's',
    email: 'Erin@acme.test',
    email_verified: true,
    iat: now,
    exp: now + 300,
  };
  return new SignJWT({ ...all, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.jwk.kid, ...header })
    .sign(key.privateKey);
}
const verify = async (text: string | Promise<string>) => issuers.verify(readStrictly(await text));
const refused = (text: string | Promise<string>) =>
  expect(verify(text)).rejects.toMatchObject({ status: 401, code: 'unauthorized' });

it('admits the person with the verified address, fetches the keys once, and remembers the token', async () => {
  const text = await token();
  expect(issuers.peek(text)).toBeUndefined();
  expect(await verify(text)).toMatchObject({ tenantId: place.tenant_id, userId: place.user_id });
  await Promise.all([verify(token()), verify(token())]);
  expect(fetches).toBe(1);
  expect(issuers.peek(text)).toMatchObject({ userId: place.user_id });
});

it('refuses what an issuer may not vouch for', async () => {
  await refused(token(one, { email_verified: false }));
  await refused(token(one, { email_verified: 'true' }));
  await refused(token(one, { email: 'stranger@acme.test' }));
  await refused(token(one, { email: ['erin@acme.test'] }));
  await refused(token(one, { aud: 'other' }));
  await refused(token(one, { iss: 'https://id.test/' }));
  await refused(token(one, {}, { typ: 'JWT' }));
  await refused(token(one, { exp: Math.floor(Date.now() / 1000) - 61 }));
});

it('SEC-05: ES256 signatures in other forms', async () => {
  const [header, claims, signature] = (await token()).split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  const swapped = Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)]);
  const der = Buffer.concat([
    Buffer.from([0x30, 68, 2, 32]),
    bytes.subarray(0, 32),
    Buffer.from([2, 32]),
    bytes.subarray(32),
  ]);
  for (const forged of [swapped, der, Buffer.alloc(64), Buffer.alloc(0), Buffer.alloc(64, 255)])
    await expect(verify(`${header}.${claims}.${forged.toString('base64url')}`)).rejects.toThrow();
});

it('refuses algorithms that the issuer is not configured for without asking its endpoint', async () => {
  const pair = await keyPair('ps', 'PS256');
  publish(one.jwk, pair.jwk);
  await refused(token(pair, {}, { alg: 'PS256' }));
  expect(fetches).toBe(0);
});

it('SEC-12: a new key works with the first token that it signed', async () => {
  await verify(token());
  publish(one.jwk, two.jwk);
  expect(await verify(token(two))).toMatchObject({ userId: place.user_id });
  expect(fetches).toBe(2);
});

it('A16: unknown kids cost the issuer one request in each cool-down, however many come at once', async () => {
  await verify(token());
  const keys = new RemoteKeys(url, { ...standardLimits, cooldownMs: 3_600_000 });
  await keys.keysFor('one');
  fetches = 0;
  await Promise.all(Array.from({ length: 30 }, (_, i) => keys.keysFor(`made-up-${i}`)));
  for (let i = 0; i < 30; i++) await keys.keysFor(`another-${i}`);
  expect(fetches).toBe(1);
  await refused(token(one, {}, { kid: 'made-up' }));
  expect(await verify(token())).toBeDefined();
});

it('SEC-13: a removed key is refused once its set is old, also for remembered tokens', async () => {
  const keys = new RemoteKeys(url, { ...standardLimits, maxAgeMs: 1000, cooldownMs: 100 });
  const first = await keys.keysFor('one');
  expect(first && keys.isFresh(first)).toBe(true);
  publish(two.jwk);
  await until(() => first && !keys.isFresh(first), 'the set is old');
  expect([...((await keys.keysFor('one'))?.kids ?? [])]).toEqual(['two']);
});

it('SEC-13: a remembered token does not outlive the key set it was verified with', async () => {
  const text = await token();
  await verify(text);
  publish(two.jwk);
  await verify(token(two)); // a new kid brings the new set, and with it the end of the old one
  expect(issuers.peek(text)).toBeUndefined();
  await refused(text);
});

describe('SEC-15: the endpoint', () => {
  const faults: Record<string, RequestListener> = {
    'answers 500': (_q, r) => r.writeHead(500).end(),
    'sends HTML': (_q, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    'sends another shape': (_q, r) => r.end('{"keys":"none"}'),
    redirects: (_q, r) => r.writeHead(302, { location: `${url}/elsewhere` }).end(),
    'cuts the connection': (q) => q.socket.destroy(),
    'sends 50 MB': (_q, r) => {
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      let sent = 0;
      const more = () => {
        while (sent++ < 800) if (!r.write(chunk)) return void r.once('drain', more);
        r.end();
      };
      more();
    },
  };
  it.each(Object.keys(faults))('%s: known kids work, unknown ones are refused', async (name) => {
    await verify(token());
    const fault = faults[name];
    if (fault) answer = fault;
    await refused(token(two));
    expect(await verify(token())).toBeDefined();
  });

  it('never answers: the wait is bounded, everybody shares it, and the keys we have stay', async () => {
    const keys = new RemoteKeys(url, { ...standardLimits, timeoutMs: 2_000 }); // long enough for the first answer on a busy machine
    await keys.keysFor('one');
    answer = (_q, r) => void r.write('{');
    const started = performance.now();
    const sets = await Promise.all(Array.from({ length: 10 }, () => keys.keysFor('two')));
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(sets.every((set) => set?.kids.has('one'))).toBe(true);
    expect(fetches).toBe(2);
  });

  it('was never reachable: refused', async () => {
    answer = (_q, r) => r.writeHead(503).end();
    await refused(token());
  });

  it('forgets keys at last when the endpoint stays away', async () => {
    const keys = new RemoteKeys(url, { ...standardLimits, maxAgeMs: 10, maxStaleMs: 40 });
    await keys.keysFor('one');
    answer = (_q, r) => r.writeHead(503).end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await keys.keysFor('one')).toBeUndefined();
  });

  it('publishes secrets: symmetric and private keys are ignored', async () => {
    const secret = Buffer.from('a secret that everybody can read, alas');
    const leaked = await keyPair('leaked');
    const withD = { ...(await exportJWK(leaked.privateKey)), kid: 'leaked', alg: 'ES256' };
    publish({ kty: 'oct', kid: 'oct', alg: 'HS256', k: secret.toString('base64url') }, withD, one.jwk);
    await refused(token(leaked));
    const claims = { iss: 'https://id.test', aud: 'rollcall', sub: 's', email: 'erin@acme.test', email_verified: true };
    await refused(
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'oct' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(secret),
    );
    expect(await verify(token())).toBeDefined();
  });
});
