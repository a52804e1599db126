import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { countFor, CountsInReach, countKeyOf, MOST_AT_ONCE } from './counts-in-reach';
import type { QuotaPolicy } from './quota-policy';
import { type QuotaDecision, QuotaStore } from './quota-store';
import { SharedQuotas } from './shared-quotas';

/** What this process has admitted and not told the others yet. */
interface Debt {
  readonly policy: QuotaPolicy;
  readonly key: string;
  readonly since: number;
  owed: number;
}

/** Each process may owe a twentieth of a quota. */
const SHARE = 20;
const LOOK_MS = 1000;
/** Small debts are told together, after so long. */
const OLD_MS = 5000;
/** More are not kept: what they owe is forgotten. */
const MOST_DEBTS = 50_000;

/**
 * Quotas of callers who wait for nobody: a process decides by what it knows, and tells the others afterwards what it has admitted, many
 * callers in one exchange. Until it has told them it admits no more than a credit, a twentieth of the quota, for each caller; so N replicas
 * together admit at most the quota and N credits, and with the one that a caller talks to it is exact.
 *
 * Told afterwards instead of taken beforehand, since tokens that one process holds and does not need are missing elsewhere. Only a burst
 * that is faster than the telling waits, and quotas too small for a credit are decided by the shared counts.
 */
@Injectable()
export class CreditQuotas implements BeforeApplicationShutdown {
  private readonly debts = new Map<string, Debt>();
  private telling: Promise<void> | undefined;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: QuotaStore,
    private readonly shared: SharedQuotas,
    private readonly counts: CountsInReach,
  ) {}

  /** Takes one request out of the quota of `key`: at once, but for a burst or a small quota. A refused request takes nothing. */
  take(policy: QuotaPolicy, key: string): QuotaDecision | Promise<QuotaDecision> {
    const credit = creditOf(policy);
    if (credit < 1) return this.shared.take(policy, key);
    const name = `${policy.name} ${key}`;
    const debt = this.debts.get(name);
    if (debt && debt.owed >= credit && !this.counts.areAway) return this.takeOnceTold(name, policy, key);
    return this.takeNow(name, policy, key);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.looking);
    await this.telling;
    await this.tell(() => true);
  }

  private takeNow(name: string, policy: QuotaPolicy, key: string): QuotaDecision {
    const decision = this.store.take(policy, key);
    if (!decision.allowed) return decision;
    let debt = this.debts.get(name);
    if (!debt) {
      debt = { policy, key, since: performance.now(), owed: 0 };
      if (this.debts.size < MOST_DEBTS) this.debts.set(name, debt);
      this.lookLater();
    }
    debt.owed++;
    if (isLarge(debt) && !this.telling && !this.counts.areAway) this.startTelling(isLarge);
    return decision;
  }

  private async takeOnceTold(name: string, policy: QuotaPolicy, key: string): Promise<QuotaDecision> {
    const credit = creditOf(policy);
    for (let debt = this.debts.get(name); debt && debt.owed >= credit; debt = this.debts.get(name)) {
      if (this.counts.areAway) break;
      if (!this.telling) this.startTelling(isLarge);
      await this.telling;
    }
    return this.takeNow(name, policy, key);
  }

  private startTelling(which: (debt: Debt) => boolean): void {
    this.telling = this.tell(which).finally(() => {
      this.telling = undefined;
    });
  }

  /** Tells what `which` names, the same number to all who wait for it. What cannot be told stays owed. */
  private async tell(which: (debt: Debt) => boolean): Promise<void> {
    const due = [...this.debts].filter(([, debt]) => which(debt));
    for (let at = 0; at < due.length; at += MOST_AT_ONCE) {
      const told = due.slice(at, at + MOST_AT_ONCE).map(([name, debt]) => ({ name, debt, amount: debt.owed }));
      const answers = await this.counts.count(
        told.map(({ name, debt: { policy }, amount }) => {
          const count = countFor(name, policy);
          return { ...count, amount, most: count.most + creditOf(policy) };
        }),
      );
      if (!answers) return;
      for (const { name, debt, amount } of told) {
        debt.owed -= amount;
        if (debt.owed === 0) this.debts.delete(name);
        this.store.learn(debt.policy, debt.key, (answers.get(countKeyOf(name))?.used ?? 0) + debt.owed);
      }
    }
  }

  private lookLater(): void {
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      const old = performance.now() - OLD_MS;
      if (!this.telling && !this.counts.areAway) this.startTelling((debt) => isLarge(debt) || debt.since <= old);
      if (this.debts.size > 0) this.lookLater();
    }, LOOK_MS).unref();
  }
}

const creditOf = ({ limit }: QuotaPolicy) => Math.floor(limit / SHARE);
const isLarge = ({ policy, owed }: Debt) => owed >= creditOf(policy) / 2;
