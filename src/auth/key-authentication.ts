import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { UnitOfWork } from '../database/unit-of-work';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { apiKeyHash, isWhole } from './api-key';
import { ApiKeysRepository, type KeyPlace } from './api-keys.repository';
import { KeyUses } from './key-uses';
import type { Principal } from './principal';
import { PrincipalDirectory } from './principal-directory';
import { keyMistyped, keyRefused } from './refusals';

/**
 * Which key is this? A key that is not whole costs no question. Where a key belongs never changes and is remembered under its hash; what it
 * is now (revoked, rotated, restricted) the directory says, as of people. So the usual call meets two memories, and passes without a promise.
 */
@Injectable()
export class KeyAuthentication {
  private readonly places = new LRUCache<string, KeyPlace>({ max: 20_000 });
  /** When a key that is unknown or replaced may be looked up again: a retired integration asks as often as it did in its best days. */
  private readonly refusedUntil = new LRUCache<string, number>({ max: 20_000 });

  constructor(
    private readonly work: UnitOfWork,
    private readonly keys: ApiKeysRepository,
    private readonly directory: PrincipalDirectory,
    private readonly uses: KeyUses,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Synchronous: the caller, where the key and what it may do are both remembered and it still opens. */
  peek(key: string): Principal | undefined {
    const hash = apiKeyHash(key);
    const place = this.places.get(hash);
    const principal = place && this.directory.peek(place.tenantId, place.keyId);
    return principal && opens(principal, hash) ? this.noted(principal) : undefined;
  }

  /** The caller; throws the 401. */
  async admit(key: string): Promise<Principal> {
    if (!isWhole(key)) throw keyMistyped();
    const hash = apiKeyHash(key);
    if (performance.now() < (this.refusedUntil.get(hash) ?? 0)) throw keyRefused();
    const askedAt = performance.now();
    const principal = await this.lookUp(hash);
    if (principal) return this.noted(principal);
    // Of one that is revoked, or of a tenant that is not active, the directory remembers it.
    if (principal === undefined) this.refusedUntil.set(hash, askedAt + this.config.AUTH_PRINCIPAL_CACHE_MS);
    throw keyRefused();
  }

  /** null: not admitted now; undefined: no key opens with this. */
  private async lookUp(hash: string): Promise<Principal | null | undefined> {
    const place = this.places.get(hash) ?? (await this.work.read(PLATFORM_TENANT, (tx) => this.keys.place(tx, hash)));
    if (!place) return undefined;
    this.places.set(hash, place);
    const remembered = await this.directory.find(place.tenantId, place.keyId);
    if (remembered === null || opens(remembered, hash)) return remembered;
    // What is remembered may be from before a rotation that this process has not heard of.
    this.directory.forget(place.tenantId, place.keyId);
    const fresh = await this.directory.find(place.tenantId, place.keyId);
    return fresh && !opens(fresh, hash) ? undefined : fresh;
  }

  private noted(principal: Principal): Principal {
    this.uses.note(principal);
    return principal;
  }
}

/** The hashes are compared as they are: whoever could find one that begins like ours would still have to find a key for it. */
const opens = ({ key }: Principal, hash: string): boolean =>
  key?.secrets.some((secret) => secret.hash === hash && Date.now() < secret.until) === true;
