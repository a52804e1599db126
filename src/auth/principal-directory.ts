import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { type RemoteChange, ChangeFeed } from '../database/change-feed';
import { UnitOfWork } from '../database/unit-of-work';
import { ApiKeysRepository } from './api-keys.repository';
import type { Principal } from './principal';
import { PrincipalsRepository } from './principals.repository';

interface Remembered {
  readonly tenantId: string;
  /** null: unknown or deactivated. Remembered too, or a retired kiosk would ask the database with every call. */
  readonly principal: Principal | null;
  readonly until: number;
}

interface Question {
  readonly answer: Promise<Principal | null>;
  readonly askedAt: number;
}

/** A question that is older may never be answered: whoever comes then asks anew. */
const JOINABLE_MS = 1000;

/**
 * Who the people and API keys behind the tokens are now. A token lives for minutes; what it may do is read from the database and
 * remembered for AUTH_PRINCIPAL_CACHE_MS (5 s). That is the bound within which a deactivated person or a lost role is
 * refused on every replica; on the replica that made the change, `forget` makes it immediate, and the others hear of it.
 */
@Injectable()
export class PrincipalDirectory {
  private readonly remembered = new LRUCache<string, Remembered>({ max: 20_000 });
  private readonly asking = new Map<string, Question>();
  private readonly lifeMs: number;

  constructor(
    private readonly work: UnitOfWork,
    private readonly people: PrincipalsRepository,
    private readonly keys: ApiKeysRepository,
    @Inject(CONFIG) config: Config,
    changes: ChangeFeed,
  ) {
    this.lifeMs = config.AUTH_PRINCIPAL_CACHE_MS;
    changes.subscribe((change) => {
      this.hear(change);
    });
  }

  /** Synchronous: what is remembered of a person; null says "not admitted", undefined "ask". */
  peek(tenantId: string, userId: string): Principal | null | undefined {
    const found = this.remembered.get(tenantId + userId);
    return found && performance.now() < found.until ? found.principal : undefined;
  }

  /** The principal, or null when there is no such active person or API key in an active tenant. Those who ask at the same moment share one question. */
  async find(tenantId: string, userId: string): Promise<Principal | null> {
    const known = this.peek(tenantId, userId);
    if (known !== undefined) return known;
    const key = tenantId + userId;
    const asked = this.asking.get(key);
    if (asked && performance.now() - asked.askedAt < JOINABLE_MS) return asked.answer;
    return this.ask(key, tenantId, userId);
  }

  /** Call after committing a change of a person or their roles, or of an API key. */
  forget(tenantId: string, userId: string): void {
    const key = tenantId + userId;
    this.remembered.delete(key);
    this.asking.delete(key); // an answer under way may be older than the change: it is not remembered
  }

  /** Call after committing a change of a tenant's status or settings. */
  forgetTenant(tenantId: string): void {
    for (const [key, { tenantId: owner }] of this.remembered) if (owner === tenantId) this.remembered.delete(key);
    for (const key of this.asking.keys()) if (key.startsWith(tenantId)) this.asking.delete(key);
  }

  private hear(change: RemoteChange): void {
    if (change === 'anything') {
      this.remembered.clear();
      this.asking.clear();
    } else if (change.id === undefined) this.forgetTenant(change.tenantId);
    else this.forget(change.tenantId, change.id);
  }

  private ask(key: string, tenantId: string, userId: string): Promise<Principal | null> {
    // The age counts from the question: the answer may be as old as that.
    const askedAt = performance.now();
    const until = askedAt + this.lifeMs;
    const answer = this.work
      .read(
        tenantId,
        async (tx) => (await this.people.find(tx, tenantId, userId)) ?? (await this.keys.find(tx, tenantId, userId)),
      )
      .then((person) => {
        const principal = person?.principal ?? null;
        if (this.asking.get(key)?.answer === answer) this.remembered.set(key, { tenantId, principal, until });
        return principal;
      })
      .finally(() => {
        if (this.asking.get(key)?.answer === answer) this.asking.delete(key);
      });
    this.asking.set(key, { answer, askedAt });
    return answer;
  }
}
