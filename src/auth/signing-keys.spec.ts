import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JWK } from 'jose';
import type { Config } from '../config/config';
import { AccessTokens } from './access-tokens';
import { newSigningKey, SigningKeys } from './signing-keys';

const whom = {
  tenantId: '01993317-6990-7a02-9d3c-0f5f4c1a2b3d',
  userId: '01993317-6994-7f44-af47-56d61bd62a10',
};
const config = { AUTH_ISSUER: 'rollcall', AUTH_AUDIENCE: 'rollcall-api', AUTH_ACCESS_TTL_SECONDS: 900 } as Config;
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'rollcall-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true }));
const open = () => SigningKeys.open({ AUTH_SIGNING_KEYS: undefined, dataDir });

it('makes keys at the first start, for their owner alone, and keeps them', async () => {
  const first = await open();
  expect((await open()).kid).toBe(first.kid);
  const file = path.join(dataDir, 'keys', 'signing.jwks.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(path.dirname(file))).toEqual(['signing.jwks.json']);
});

it('agrees on one key when many processes start at once', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, open));
  expect(new Set(all.map(({ kid }) => kid)).size).toBe(1);
});

it('does not write over a damaged file', async () => {
  await open();
  await writeFile(path.join(dataDir, 'keys', 'signing.jwks.json'), '{"keys":');
  await expect(open()).rejects.toThrow('restore it or remove it');
});

it('publishes public members only', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }) as JWK;
  const keys = SigningKeys.of([await newSigningKey(), { ...rsa, kid: 'rsa' }]);
  const [ed, other] = keys.published().keys;
  expect(Object.keys(ed ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  expect(Object.keys(other ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

it('rotates: the first signs, the others still verify, a dropped one does not', async () => {
  const [old, fresh] = [await newSigningKey(), await newSigningKey()];
  const { token } = await new AccessTokens(SigningKeys.of([old]), config).issue(whom);
  const rotated = new AccessTokens(SigningKeys.of([fresh, old]), config);
  expect(await rotated.verify(token)).toMatchObject(whom);
  const { token: next } = await rotated.issue(whom);
  await expect(new AccessTokens(SigningKeys.of([old]), config).verify(next)).rejects.toMatchObject({ status: 401 });
  await expect(new AccessTokens(SigningKeys.of([fresh]), config).verify(token)).rejects.toMatchObject({ status: 401 });
});

it('derives secrets that are stable and differ by purpose', async () => {
  const jwk = await newSigningKey();
  const [a, b] = [SigningKeys.of([jwk]), SigningKeys.of([jwk])];
  expect(a.cursorKey).toHaveLength(32);
  expect(a.cursorKey.equals(b.cursorKey)).toBe(true);
  expect(a.cursorKey.equals(a.secretFor('other'))).toBe(false);
});

it('names what is wrong with configured keys and quotes nothing of them', async () => {
  const jwk = await newSigningKey();
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' }) as JWK;
  expect(() => SigningKeys.of([jwk, jwk])).toThrow('different kids');
  expect(() => SigningKeys.of([{ ...small, kid: 's' }])).toThrow('shorter than 2048');
  expect(() => SigningKeys.of([{ kty: 'OKP', crv: 'Ed25519', kid: 'x', d: 'canary' }])).toThrow(/^(?!.*canary)/s);
});
