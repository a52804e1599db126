import type { Client } from '../support/client';

/** Short enough for a test; the deadline is the bound for each answer. */
export const bounds = {
  DATABASE_LOCK_TIMEOUT_MS: '1000',
  DATABASE_STATEMENT_TIMEOUT_MS: '2000',
  DATABASE_ACQUIRE_TIMEOUT_MS: '2000',
  REQUEST_DEADLINE_MS: '20000',
};
/** An answer that came after its deadline, by as much as a busy machine may add, came too late. */
const LATEST_MS = 30_000;

/** Asks so often at once; answers status and code of each, and fails when one of them took longer than its deadline. */
export async function answersOf(caller: Client, count: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const asked = performance.now();
      const { status, body } = await caller.get('/api/punches', { query: { limit: 1 } });
      expect(performance.now() - asked).toBeLessThan(LATEST_MS);
      return status === 200 ? '200' : `${status} ${String(body.code)}`;
    }),
  );
}

export const statusOf = async (url: string, route: string) => (await fetch(url + route)).status;
