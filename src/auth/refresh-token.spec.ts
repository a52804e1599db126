import { hasHash, hashOf, newRefreshToken, readRefreshToken, successorOf, writeRefreshToken } from './refresh-token';

const tenant = '11111111-1111-1111-1111-111111111111'; // no UUID version, and yet a possible row
const key = Buffer.alloc(32, 7);

it('reads what it writes', () => {
  const token = newRefreshToken(tenant);
  const text = writeRefreshToken(token);
  expect(text).toMatch(/^rcr_.{86}$/);
  expect(readRefreshToken(text)).toEqual(token);
  expect(hasHash(token, hashOf(token))).toBe(true);
  expect(hasHash(newRefreshToken(tenant), hashOf(token))).toBe(false);
});

it('has one spelling', () => {
  const text = writeRefreshToken(newRefreshToken(tenant));
  for (const other of [`${text.slice(0, -1)}B`, `${text}=`, text.slice(4), ` ${text}`, '', 'rcr_', text.toUpperCase()])
    expect(readRefreshToken(other)).toBeUndefined();
});

it('has one successor, which only the key can tell', () => {
  const token = newRefreshToken(tenant);
  const next = successorOf(token, key);
  expect(successorOf(token, key)).toEqual(next);
  expect(next.tenantId).toBe(tenant);
  expect(next.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(readRefreshToken(writeRefreshToken(next))).toEqual(next);
  expect(successorOf(token, Buffer.alloc(32, 8)).secret.equals(next.secret)).toBe(false);
  expect(successorOf(next, key).id).not.toBe(next.id);
});
