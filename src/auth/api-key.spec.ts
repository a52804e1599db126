import { apiKeyHash, isApiKey, isWhole, newApiKey } from './api-key';

it('makes keys that are whole, differ, and show their beginning', () => {
  const keys = Array.from({ length: 100 }, newApiKey);
  expect(new Set(keys.map(({ prefix }) => prefix)).size).toBe(100);
  for (const { key, prefix } of keys) {
    expect([isApiKey(key), isWhole(key), key.startsWith(`${prefix}_`)]).toEqual([true, true, true]);
    expect(key).toMatch(/^rck_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
    expect(apiKeyHash(key)).toMatch(/^[0-9a-f]{64}$/);
  }
});

it('knows a key with any one character wrong, missing, added or moved for none', () => {
  const { key } = newApiKey();
  for (let at = 0; at < key.length; at++) {
    const other = key[at] === 'a' ? 'b' : 'a';
    expect(isWhole(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
    expect(isWhole(key.slice(0, at) + key.slice(at + 1))).toBe(false);
    if (at > 0 && key[at] !== key[at - 1])
      expect(isWhole(key.slice(0, at - 1) + (key[at] ?? '') + (key[at - 1] ?? '') + key.slice(at + 1))).toBe(false);
  }
  for (const text of [`${key} `, `${key}\n`, ` ${key}`, `${key}0`, '', 'rck_', 'rck_'.padEnd(1_000_000, 'x')])
    expect(isWhole(text)).toBe(false);
});

it('takes no other token for a key', () => {
  expect(['eyJhbGciOiJFZERTQSJ9.e30.x', `rcr_${'A'.repeat(86)}`, 'RCK_x', ''].map(isApiKey)).toEqual(
    Array(4).fill(false),
  );
});
