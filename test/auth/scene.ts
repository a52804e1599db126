import { Passwords } from '../../src/auth/passwords';
import type { Reply } from '../support/client';
import type { TestServer } from '../support/server';
import type { Tenant } from '../support/world';

/** What the answers of these routes may hold, so that the tests below read it without casts. */
export interface Answer extends Reply {
  readonly body: {
    readonly token: string;
    readonly refreshToken: string;
    readonly code: string;
    readonly user: { readonly id: string };
    readonly keys: readonly object[];
  };
}

export const PASSWORD = 'correct horse battery';

/** Cheap, since it is no guess at a password that these tests are about. */
export const hashOf = (password: string) => new Passwords({ ln: 10, r: 8, p: 1 }).hash(password);

let count = 0;
export const anAddress = () => `somebody${++count}@example.test`;

/** For the tests of a file: what people with a password do at the door of the server, and what the ledger says of it. */
export function door(server: TestServer, acme: Tenant) {
  let hash: string;
  beforeAll(async () => {
    hash = await hashOf(PASSWORD);
  });
  const somebody = (tenant = acme, email = anAddress()) => tenant.person({ email, passwordHash: hash });
  const login = (email: string, more: object = {}): Promise<Answer> =>
    server.stranger.post('/api/auth/login', { email, password: PASSWORD, ...more });
  const refresh = (refreshToken: string): Promise<Answer> =>
    server.stranger.post('/api/auth/refresh-token', { refreshToken });
  const logout = (refreshToken: string): Promise<Answer> => server.stranger.post('/api/auth/logout', { refreshToken });
  const me = (token: string): Promise<Answer> => server.stranger.with(token).get('/api/auth/me');
  /** What the ledger says of a person's sign-ins, oldest first. */
  const ledger = (userId: string) =>
    server.database.sql<{
      action: string;
      outcome: string;
      changes: { after: { reason?: string } | null };
      ip: string;
    }>(
      `SELECT action, outcome, changes, host(ip) AS ip, request_id FROM audit_logs WHERE entity = 'session' AND user_id = $1 ORDER BY seq`,
      [userId],
    );
  const brief = async (userId: string) =>
    (await ledger(userId)).map(({ action, outcome, changes }) =>
      [action, outcome, changes.after?.reason].filter(Boolean).join(' '),
    );
  return { somebody, login, refresh, logout, me, brief };
}
