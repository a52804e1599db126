import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Problem } from '../http/problems/problem';

/** Pauses between looks at a key that another process holds, in milliseconds. */
const pauses = [10, 20, 40, 80, 160];

/**
 * Lets requests with the same key take turns. Within this process they queue here, holding neither a connection nor a
 * database lock; against other processes they look again after a pause. Who has waited IDEMPOTENCY_WAIT_MS gets 409.
 */
@Injectable()
export class KeyedMutex {
  private readonly taken = new Map<string, Promise<void>>();
  private readonly waitMs: number;

  constructor(@Inject(CONFIG) config: Config) {
    this.waitMs = config.IDEMPOTENCY_WAIT_MS;
  }

  /** Runs `attempt` when it is this request's turn, again and again while it answers 'busy'. */
  async runExclusive<T>(scope: Buffer, attempt: () => Promise<T | 'busy'>): Promise<T> {
    const name = scope.toString('latin1');
    const deadline = performance.now() + this.waitMs;
    // Looking and taking happen in one go, without an await in between: of all who wait, one comes through.
    for (let turn = this.taken.get(name); turn; turn = this.taken.get(name)) await before(deadline, turn);
    let done: () => void = () => undefined;
    this.taken.set(name, new Promise((resolve) => (done = resolve)));
    try {
      const first = await attempt();
      return first === 'busy' ? await this.retryWhileBusy(deadline, attempt) : first;
    } finally {
      this.taken.delete(name);
      done();
    }
  }

  private async retryWhileBusy<T>(deadline: number, attempt: () => Promise<T | 'busy'>): Promise<T> {
    for (let look = 0; ; look++) {
      const left = deadline - performance.now();
      if (left <= 0) throw inUse();
      await sleep(Math.min(left, pauses[Math.min(look, pauses.length - 1)] ?? 160));
      const result = await attempt();
      if (result !== 'busy') return result;
    }
  }
}

async function before(deadline: number, turn: Promise<void>): Promise<void> {
  const left = deadline - performance.now();
  if (left <= 0) throw inUse();
  const timer = new AbortController();
  await Promise.race([turn, sleep(left, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

function inUse(): Problem {
  return new Problem(
    'idempotency_key_in_use',
    'The first request with this Idempotency-Key is still running. Repeat it in a moment.',
    {
      headers: { 'Retry-After': '1' },
    },
  );
}
