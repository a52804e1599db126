import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hashOf, PASSWORD } from '../auth/scene';
import { TestDatabase } from '../support/database';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

let database: TestDatabase;
let folder: string;
let first: TestServer;
let second: TestServer;
let acme: Tenant;
let hash: string;
beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-addresses-'));
  const settings = {
    ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
    RATE_LIMIT_LOGIN_PER_15_MINUTES: '3',
    ROLLCALL_DATA_DIR: folder,
    TRUSTED_PROXIES: '1',
  };
  first = await startServer(settings, database);
  second = await startServer(settings, database);
  acme = await first.world.tenant();
  hash = await hashOf(PASSWORD);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await database.drop();
  await rm(folder, { recursive: true });
});

const signIn = async (server: TestServer, email: string, password: string, ip: string) => {
  const headers = { 'x-forwarded-for': ip };
  return (await server.stranger.post('/api/auth/login', { email, password }, { headers })).status;
};
/** Somebody elsewhere guesses until they are refused, at either replica. */
async function guess(email: string): Promise<void> {
  for (let tried = 0; tried < 4; tried++)
    expect(await signIn(tried % 2 ? first : second, email, 'wrong', `198.51.100.${tried}`)).toBe(tried < 3 ? 401 : 429);
}
const somebody = async () => (await acme.person({ passwordHash: hash })).email;
const addressesOf = (email: string) =>
  database.sql<{ network: string }>(
    `SELECT s.network::text AS network FROM sign_in_addresses s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id WHERE u.email = $1`,
    [email],
  );

describe('A11: an account whose failures somebody else has used up', () => {
  it('is open where its owner has signed in, at every replica, with as many failures of its own', async () => {
    const email = await somebody();
    expect(await signIn(first, email, PASSWORD, '192.0.2.9')).toBe(200);
    await guess(email);
    expect(await signIn(second, email, PASSWORD, '192.0.2.8')).toBe(429);
    expect(await signIn(second, email.toUpperCase(), PASSWORD, '192.0.2.9')).toBe(200);
    for (const status of [401, 401, 401, 429]) expect(await signIn(second, email, 'wrong', '192.0.2.9')).toBe(status);
    expect(await addressesOf(email)).toEqual([{ network: '192.0.2.9/32' }]);
  });

  it('is open in the /64 of an IPv6 client, which is one address', async () => {
    const email = await somebody();
    expect(await signIn(first, email, PASSWORD, '2001:db8:1:2::1')).toBe(200);
    await guess(email);
    expect(await signIn(second, email, PASSWORD, '2001:db8:1:2:ffff::7')).toBe(200);
    expect(await signIn(second, email, PASSWORD, '2001:db8:1:3::1')).toBe(429);
    expect(await addressesOf(email)).toEqual([{ network: '2001:db8:1:2::/64' }]);
  });

  it('is not open where its owner signed in more than thirty days ago, nor where another person did', async () => {
    const [email, other] = [await somebody(), await somebody()];
    expect(await signIn(first, email, PASSWORD, '192.0.2.20')).toBe(200);
    expect(await signIn(first, other, PASSWORD, '192.0.2.21')).toBe(200);
    await database.sql(
      `UPDATE sign_in_addresses SET signed_in_at = signed_in_at - interval '31 days' WHERE network = '192.0.2.20'`,
    );
    await guess(email);
    expect(await signIn(first, email, PASSWORD, '192.0.2.20')).toBe(429);
    expect(await signIn(first, email, PASSWORD, '192.0.2.21')).toBe(429);
    expect(await signIn(first, other, PASSWORD, '192.0.2.21')).toBe(200);
  });
});
