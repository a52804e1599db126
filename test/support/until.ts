import { setTimeout as sleep } from 'node:timers/promises';

/** For a machine that is busy with something else: a bound against waiting for ever, never a measurement. */
export const PATIENCE_MS = 60_000;

/** Asks again and again until the answer is neither false nor empty, and gives it back; `what` names it when it never comes. */
export async function until<T>(ask: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`${PATIENCE_MS / 1000} s were not enough until ${what}`);
    await sleep(20);
  }
}
