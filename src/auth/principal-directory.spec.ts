import type { Config } from '../config/config';
import type { RemoteChange, ChangeFeed } from '../database/change-feed';
import type { UnitOfWork } from '../database/unit-of-work';
import type { Principal } from './principal';
import { PrincipalDirectory } from './principal-directory';
import type { ApiKeysRepository } from './api-keys.repository';
import type { PrincipalsRepository } from './principals.repository';
import { until } from '../../test/support/until';

const [T, U] = ['tenant-a', 'user-1'];
let asked: number;
let roles: string[] | null;
let hold: Promise<void> | undefined;
let hear: (change: RemoteChange) => void;

function directory(cacheMs: number): PrincipalDirectory {
  const people = {
    find: async () => {
      asked++;
      const seen = roles; // what the snapshot of the question shows
      await hold;
      return seen ? { principal: { roles: seen } as unknown as Principal, tenantName: 'A' } : undefined;
    },
  } as unknown as PrincipalsRepository;
  const work = { read: (_t: string, run: (tx: unknown) => unknown) => run({}) } as unknown as UnitOfWork;
  const feed = { subscribe: (hearer: typeof hear) => (hear = hearer) } as unknown as ChangeFeed;
  const keys = { find: () => Promise.resolve(undefined) } as unknown as ApiKeysRepository;
  return new PrincipalDirectory(work, people, keys, { AUTH_PRINCIPAL_CACHE_MS: cacheMs } as Config, feed);
}

beforeEach(() => {
  asked = 0;
  roles = ['employee'];
  hold = undefined;
});

it('asks once for many, and then not until the time is over', async () => {
  const people = directory(1000);
  expect(people.peek(T, U)).toBeUndefined();
  await Promise.all(Array.from({ length: 20 }, () => people.find(T, U)));
  expect(asked).toBe(1);
  expect(people.peek(T, U)?.roles).toEqual(['employee']);
  roles = null;
  await until(() => people.peek(T, U) === undefined, 'the time is over');
  expect(await people.find(T, U)).toBeNull();
  expect(people.peek(T, U)).toBeNull();
});

it('remembers nothing when told so', async () => {
  const people = directory(0);
  await people.find(T, U);
  await people.find(T, U);
  expect(asked).toBe(2);
});

it.each(['forget', 'forgetTenant'] as const)('%s reaches also an answer that is under way', async (way) => {
  const people = directory(60_000);
  let release = (): void => undefined;
  hold = new Promise((resolve) => (release = resolve));
  const early = people.find(T, U);
  roles = null; // committed while the first question is out
  people[way](T, U);
  hold = undefined;
  expect(await people.find(T, U)).toBeNull();
  release();
  await early;
  expect(people.peek(T, U)).toBeNull();
  people[way](T, U);
  expect(people.peek(T, U)).toBeUndefined();
});

it('does not remember a failure', async () => {
  const people = directory(60_000);
  hold = Promise.reject(new Error('database away'));
  await expect(people.find(T, U)).rejects.toThrow('away');
  hold = undefined;
  expect((await people.find(T, U))?.roles).toEqual(['employee']);
});

it.each<[string, RemoteChange]>([
  ['of the person', { tenantId: T, id: U }],
  ['of the tenant', { tenantId: T }],
  ['of who knows what', 'anything'],
])('forgets upon a change %s that another process made', async (_, change) => {
  const people = directory(60_000);
  await people.find(T, U);
  hear({ tenantId: T, id: 'somebody else' });
  hear({ tenantId: 'another tenant' });
  expect(people.peek(T, U)).not.toBeUndefined();
  hear(change);
  expect(people.peek(T, U)).toBeUndefined();
});
