import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { CompactEncrypt, SignJWT, type JWK } from 'jose';
import type { Config } from '../config/config';
import { Problem } from '../http/problems/problem';
import { AccessTokens } from './access-tokens';
import { newSigningKey, SigningKeys } from './signing-keys';

const config = { AUTH_ISSUER: 'rollcall', AUTH_AUDIENCE: 'rollcall-api', AUTH_ACCESS_TTL_SECONDS: 900 } as Config;
const whom = {
  tenantId: '01993317-6990-7a02-9d3c-0f5f4c1a2b3d',
  userId: '01993317-6994-7f44-af47-56d61bd62a10',
};
const now = () => Math.floor(Date.now() / 1000);
const b64 = (value: string | Buffer) => Buffer.from(value).toString('base64url');

let jwk: JWK;
let keys: SigningKeys;
let tokens: AccessTokens;

beforeAll(async () => {
  jwk = await newSigningKey();
  keys = SigningKeys.of([jwk]);
});
beforeEach(() => {
  tokens = new AccessTokens(keys, config);
});

function good(): Record<string, unknown> {
  const t = now();
  const { tenantId, userId } = whom;
  return {
    iss: 'rollcall',
    aud: 'rollcall-api',
    sub: userId,
    tenant: tenantId,
    jti: randomUUID(),
    iat: t,
    nbf: t,
    exp: t + 900,
  };
}
const goodHeader = () => ({ alg: 'EdDSA', typ: 'at+jwt', kid: keys.kid });

/** Signs exactly these texts with our key: whatever is wrong with them, the signature is right. */
function signed(header: unknown, claims: unknown): string {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const input = `${b64(text(header))}.${b64(text(claims))}`;
  return `${input}.${b64(sign(null, Buffer.from(input), keys.privateKey))}`;
}

async function refused(token: string): Promise<void> {
  const error: unknown = await tokens.verify(token).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  const problem = error as Problem;
  expect(problem.status).toBe(401);
  expect(problem.extras.headers?.['WWW-Authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
  expect(tokens.peek(token)).toBeUndefined();
}

const without = (claim: string) => Object.fromEntries(Object.entries(good()).filter(([name]) => name !== claim));

it('issues what it verifies, and then knows it without verifying', async () => {
  const { token, expiresIn } = await tokens.issue(whom);
  expect(expiresIn).toBe(900);
  expect(tokens.peek(token)).toBeUndefined();
  expect(await tokens.verify(token)).toMatchObject(whom);
  expect(tokens.peek(token)).toMatchObject(whom);
});

it('takes a token made by hand, so that the refusals below mean something', async () => {
  expect(await tokens.verify(signed(goodHeader(), good()))).toMatchObject(whom);
  expect(await tokens.verify(signed(goodHeader(), { ...good(), aud: ['other', 'rollcall-api'] }))).toMatchObject(whom);
});

it('looks at the expiry of a remembered token on every use', async () => {
  const token = signed(goodHeader(), { ...good(), exp: now() + 100 });
  await tokens.verify(token);
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 161_000);
  expect(tokens.peek(token)).toBeUndefined();
  clock.mockRestore();
});

it.each(['none', 'None', 'nOnE', ''])('SEC-02: alg %p', async (alg) => {
  const [, claims, signature] = signed(goodHeader(), good()).split('.');
  await refused(`${b64(JSON.stringify({ ...goodHeader(), alg }))}.${claims ?? ''}.`);
  await refused(`${b64(JSON.stringify({ ...goodHeader(), alg }))}.${claims ?? ''}.${signature ?? ''}`);
});

it('SEC-03: HMAC with the public key as the secret, Ed25519 and RSA', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = SigningKeys.of([{ ...(privateKey.export({ format: 'jwk' }) as JWK), kid: 'rsa' }]);
  for (const [set, key, kid] of [
    [keys, keys.verificationKey(keys.kid)?.publicKey, keys.kid],
    [rsa, publicKey, 'rsa'],
  ] as const) {
    tokens = new AccessTokens(set, config);
    const secrets = [
      key?.export({ format: 'pem', type: 'spki' }),
      key?.export({ format: 'der', type: 'spki' }),
      JSON.stringify(set.published().keys[0]),
    ];
    for (const secret of secrets) {
      const forged = await new SignJWT(good())
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
        .sign(Buffer.from(secret ?? ''));
      await refused(forged);
    }
  }
});

it('verifies RS256 where the configured key is RSA, and never another algorithm with it', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  tokens = new AccessTokens(SigningKeys.of([{ ...(privateKey.export({ format: 'jwk' }) as JWK), kid: 'rsa' }]), config);
  expect(await tokens.verify((await tokens.issue(whom)).token)).toMatchObject(whom);
  await refused(
    await new SignJWT(good()).setProtectedHeader({ alg: 'PS256', typ: 'at+jwt', kid: 'rsa' }).sign(privateKey),
  );
});

describe('SEC-05: a changed token', () => {
  it('any bit of any part', async () => {
    const parts = signed(goodHeader(), good()).split('.');
    for (const [index, part] of parts.entries()) {
      const bytes = Buffer.from(part, 'base64url');
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 20)) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        await refused(parts.map((old, i) => (i === index ? b64(changed) : old)).join('.'));
      }
    }
  });

  it('zero signature, empty signature, other spellings of the same signature', async () => {
    const [header, claims, signature] = signed(goodHeader(), good()).split('.') as [string, string, string];
    await refused(`${header}.${claims}.${b64(Buffer.alloc(64))}`);
    await refused(`${header}.${claims}.`);
    await refused(`${header}.${claims}.${signature}==`);
    const last = signature.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    await refused(`${header}.${claims}.${signature.slice(0, -1)}${alphabet[alphabet.indexOf(last) + 1] ?? ''}`);
    await refused(`${header}.${claims}.${Buffer.from(signature, 'base64url').toString('base64')}`.replace(/$/, '\n'));
  });

  it('S + L instead of S (malleated Ed25519)', async () => {
    const [header, claims, signature] = signed(goodHeader(), good()).split('.') as [string, string, string];
    const bytes = Buffer.from(signature, 'base64url');
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    for (let i = 32; i < 64; i++, s >>= 8n) bytes[i] = Number(s & 0xffn);
    await refused(`${header}.${claims}.${b64(bytes)}`);
  });
});

describe('SEC-06: times', () => {
  // The clock is read when a test runs: minutes may have passed since this table was made.
  it.each<[string, (t: number) => Record<string, unknown>]>([
    ['expired by 61 s', (t) => ({ exp: t - 61 })],
    ['nbf +61 s', (t) => ({ nbf: t + 65 })],
    ['iat in the future', (t) => ({ iat: t + 65 })],
    ['exp as string', (t) => ({ exp: String(t + 900) })],
    ['nbf as string', (t) => ({ nbf: String(t) })],
    ['negative iat', () => ({ iat: -1 })],
  ])('%s', (name, change) => refused(signed(goodHeader(), { ...good(), ...change(now()) })));
  it('exp 1e400', () =>
    refused(signed(goodHeader(), JSON.stringify({ ...good(), exp: 0 }).replace('"exp":0', '"exp":1e400'))));
  it.each(['exp', 'iat', 'nbf'])('no %s', (claim) => refused(signed(goodHeader(), without(claim))));
});

describe('SEC-07: issuer and audience', () => {
  it.each<[string, Record<string, unknown>]>([
    ['wrong iss', { iss: 'evil' }],
    ['iss with slash', { iss: 'rollcall/' }],
    ['iss as list', { iss: ['rollcall'] }],
    ['aud without us', { aud: ['a', 'b'] }],
    ['aud prefix', { aud: 'rollcall-ap' }],
    ['aud longer', { aud: 'rollcall-api2' }],
    ['empty aud', { aud: [] }],
  ])('%s', (name, change) => refused(signed(goodHeader(), { ...good(), ...change })));
  it.each(['iss', 'aud', 'sub', 'tenant', 'jti'])('no %s', (claim) => refused(signed(goodHeader(), without(claim))));
  it.each(['tenant', 'sub'])('%s that is no identifier', (claim) =>
    refused(signed(goodHeader(), { ...good(), [claim]: "' OR 1=1" })),
  );
});

it.each(['JWT', 'jwt', 'logout+jwt', 'id+jwt', undefined, 7])('SEC-08: typ %p', (typ) =>
  refused(signed({ ...goodHeader(), typ }, good())),
);
it('SEC-08: a refresh token', () => refused(`rcr_${'A'.repeat(86)}`));

it.each(['nobody', '../../etc/passwd', "'; DROP TABLE users; --", 'k'.repeat(4000), 7, null, ['a'], {}, '__proto__'])(
  'SEC-10: kid %p',
  (kid) => refused(signed({ ...goodHeader(), kid }, good())),
);
it('SEC-10: no kid', () => refused(signed({ alg: 'EdDSA', typ: 'at+jwt' }, good())));
it('SEC-10: a key brought along', () =>
  refused(signed({ ...goodHeader(), kid: 'other', jwk, jku: 'http://127.0.0.1/keys' }, good())));

describe('SEC-11: forms', () => {
  it('crit and b64', async () => {
    await refused(signed({ ...goodHeader(), crit: ['x'], x: 1 }, good()));
    await refused(signed({ ...goodHeader(), crit: ['exp'], exp: 1 }, good()));
    await refused(signed({ ...goodHeader(), b64: false, crit: ['b64'] }, good()));
    await refused(signed({ ...goodHeader(), b64: false }, good()));
    await refused(signed({ ...goodHeader(), b64: true }, good()));
  });
  it('nested, encrypted, five parts, two parts', async () => {
    const token = signed(goodHeader(), good());
    await refused(signed({ ...goodHeader(), cty: 'JWT' }, JSON.stringify(token)));
    const jwe = await new CompactEncrypt(Buffer.from(token))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32));
    await refused(jwe);
    await refused(`${token}.a.b`);
    await refused(token.split('.').slice(0, 2).join('.'));
    await refused('');
    await refused('...');
  });
  it('large', async () => {
    await refused(signed(goodHeader(), { ...good(), pad: 'x'.repeat(9000) }));
    await refused('x'.repeat(1_000_000));
  });
  it('duplicate members, also when escaped or nested', async () => {
    const json = JSON.stringify(good());
    await refused(signed(goodHeader(), json.replace('{', '{"tenant":"00000000-0000-0000-0000-000000000000",')));
    await refused(signed(goodHeader(), json.replace('{', '{"\\u0074enant":"x",')));
    await refused(signed(goodHeader(), json.replace('{', '{"a":{"b":1,"b":2},')));
    await refused(signed(JSON.stringify(goodHeader()).replace('{', '{"alg":"EdDSA",'), good()));
  });
  it('no JSON object', async () => {
    for (const claims of ['[]', 'null', '1', '{', '{"a":1,}', '{/**/}', '\ufeff{}'])
      await refused(signed(goodHeader(), claims));
  });
});
