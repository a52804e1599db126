import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { ConfigError, type Config } from '../config/config';
import { storedKeys } from './key-file';

interface VerificationKey {
  readonly alg: 'EdDSA' | 'RS256';
  readonly publicKey: KeyObject;
}

/** A fresh Ed25519 key as a private JWK: what `rollcall keys` prints for AUTH_SIGNING_KEYS. */
export async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: (await calculateJwkThumbprint(jwk)).slice(0, 16), alg: 'EdDSA', use: 'sig' };
}

/**
 * The keys of our own tokens. The first one signs, all of them verify. To rotate: put the new key first on every replica,
 * wait for AUTH_ACCESS_TTL_SECONDS, drop the old one. A replica that does not know the new key yet would refuse its tokens,
 * so a rotation without a refused request adds the new key as the last one first.
 */
export class SigningKeys {
  private constructor(
    readonly kid: string,
    readonly alg: VerificationKey['alg'],
    readonly privateKey: KeyObject,
    private readonly verifying: ReadonlyMap<string, VerificationKey>,
  ) {}

  /** The configured keys, or the ones in the data folder, made at the first start. */
  static async open(config: Pick<Config, 'AUTH_SIGNING_KEYS' | 'dataDir'>): Promise<SigningKeys> {
    return SigningKeys.of(config.AUTH_SIGNING_KEYS ?? (await storedKeys(config.dataDir, newSigningKey)));
  }

  static of(jwks: readonly JWK[]): SigningKeys {
    const keys = jwks.map(privateKeyOf);
    const [first] = keys;
    const verifying = new Map(keys.map(({ kid, alg, key }) => [kid, { alg, publicKey: createPublicKey(key) }]));
    if (!first || verifying.size !== keys.length)
      throw new ConfigError(['AUTH_SIGNING_KEYS must hold keys with different kids']);
    return new SigningKeys(first.kid, first.alg, first.key, verifying);
  }

  verificationKey(kid: unknown): VerificationKey | undefined {
    return typeof kid === 'string' ? this.verifying.get(kid) : undefined;
  }

  /** The document behind /.well-known/jwks.json: public members, taken from public keys, so nothing private can slip in. */
  published(): { keys: JWK[] } {
    const keys = [...this.verifying].map(([kid, { alg, publicKey }]) => {
      const { kty, crv, x, n, e } = publicKey.export({ format: 'jwk' });
      return { ...(kty === 'RSA' ? { kty, n, e } : { kty, crv, x }), kid, alg, use: 'sig' };
    });
    return { keys };
  }

  /** A secret for another purpose, the same on every replica and after every restart with the same first key. */
  secretFor(purpose: string): Buffer {
    const material = this.privateKey.export({ format: 'der', type: 'pkcs8' });
    return Buffer.from(hkdfSync('sha256', material, Buffer.alloc(0), `rollcall ${purpose}`, 32));
  }

  /** Signs the cursors of lists. */
  get cursorKey(): Buffer {
    return (this.derivedCursorKey ??= this.secretFor('cursor'));
  }
  private derivedCursorKey: Buffer | undefined;
}

function privateKeyOf(jwk: JWK): { kid: string; alg: VerificationKey['alg']; key: KeyObject } {
  const kid = jwk.kid ?? '';
  const fault = (text: string) => new ConfigError([`AUTH_SIGNING_KEYS ${text}`]);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    throw fault('holds a key that is not a private JWK'); // the library's message quotes the key
  }
  if (key.asymmetricKeyType === 'ed25519') return { kid, alg: 'EdDSA', key };
  if (key.asymmetricKeyType !== 'rsa') throw fault('holds a key that is neither Ed25519 nor RSA');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) throw fault('holds an RSA key shorter than 2048 bits');
  return { kid, alg: 'RS256', key };
}
