import { loadConfig } from '../config/config';
import { Problem } from '../http/problems/problem';
import { passwordCost, Passwords } from './passwords';
import { cpuOf } from '../../test/support/cpu';

const cheap = { ln: 8, r: 8, p: 1 };

it('knows its own hashes, and only with the right password', async () => {
  const passwords = new Passwords(cheap);
  const stored = await passwords.hash('correct horse');
  expect(stored).toMatch(/^\$scrypt\$ln=8,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await passwords.verify('correct horse', stored)).toEqual({ matches: true, outdated: false });
  expect(await passwords.verify('correct horsf', stored)).toEqual({ matches: false, outdated: false });
  expect(await passwords.hash('correct horse')).not.toBe(stored);
});

it('takes both ways to write an accented letter for the same password', async () => {
  const passwords = new Passwords(cheap);
  expect((await passwords.verify('caf\u00e9', await passwords.hash('cafe\u0301'))).matches).toBe(true);
});

it('asks for a new hash when the cost has changed, and only of who knows the password', async () => {
  const stored = await new Passwords(cheap).hash('secret');
  const raised = new Passwords({ ...cheap, ln: 9 });
  expect(await raised.verify('secret', stored)).toEqual({ matches: true, outdated: true });
  expect(await raised.verify('other', stored)).toEqual({ matches: false, outdated: false });
});

it('works as hard in vain without a hash as with one', async () => {
  const passwords = new Passwords({ ln: 13, r: 8, p: 1 });
  const stored = await passwords.hash('secret');
  const cost = (hash: string | null) =>
    cpuOf(async () => {
      for (let i = 0; i < 3; i++) expect((await passwords.verify('wrong', hash)).matches).toBe(false);
    });
  const [known, unknown] = [await cost(stored), await cost(null)];
  expect(unknown).toBeGreaterThan(known / 3);
  expect(unknown).toBeLessThan(known * 3);
});

it.each([
  null,
  undefined,
  '',
  'plain',
  '$scrypt$ln=31,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
])('admits nobody with the stored value %p', async (stored) => {
  expect((await new Passwords(cheap).verify('', stored)).matches).toBe(false);
});

it('refuses passwords of absurd length without working on them', async () => {
  const passwords = new Passwords(cheap);
  await expect(passwords.hash('x'.repeat(257))).rejects.toThrow(RangeError);
  expect((await passwords.verify('x'.repeat(257), null)).matches).toBe(false);
});

it('answers a flood with 503 instead of with memory, and recovers', async () => {
  const passwords = new Passwords(cheap);
  const results = await Promise.allSettled(Array.from({ length: 300 }, () => passwords.verify('guess', null)));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.length).toBe(300 - 102);
  expect(refused.every(({ reason }) => reason instanceof Problem && reason.status === 503)).toBe(true);
  const stored = await passwords.hash('after');
  expect((await passwords.verify('after', stored)).matches).toBe(true);
});

it('demands 32 MiB for each guess in earnest', () => {
  const { ln, r } = passwordCost(loadConfig({}).AUTH_PASSWORD_COST);
  expect(128 * 2 ** ln * r).toBe(32 * 1024 * 1024);
});
