import { Gauge } from 'prom-client';
import { loadConfig } from '../../src/config/config';
import { CountsInReach } from '../../src/rate-limit/counts-in-reach';
import type { Count, Counted, SharedCounts } from '../../src/rate-limit/shared-counts';

/** What all replicas have counted; answers once it is let go. */
export class HeldCounts implements SharedCounts {
  readonly questions: (readonly Count[])[] = [];
  private readonly used = new Map<string, number>();
  private gate: Promise<void> = Promise.resolve();
  fault: Error | undefined;

  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  async count(counts: readonly Count[]): Promise<ReadonlyMap<string, Counted>> {
    this.questions.push(counts);
    await this.gate;
    if (this.fault) throw this.fault;
    return new Map(
      counts.map(({ key, amount, most }) => {
        const before = this.used.get(key) ?? 0;
        const granted = Math.min(amount, Math.max(0, most - before));
        this.used.set(key, Math.max(0, before + granted));
        return [key, { used: before + granted, granted }];
      }),
    );
  }
}

/** The counts as a process asks them, and whether it shows them as up. */
export function inReach(counts: SharedCounts) {
  const up = new Gauge({ name: 'up', help: 'up', registers: [] });
  const reach = new CountsInReach(counts, loadConfig({ RATE_LIMIT_STORE_TIMEOUT_MS: '50' }), up);
  return { reach, isUp: async () => (await up.get()).values[0]?.value };
}
