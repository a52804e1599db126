import { inNetworks, isRange } from './ip-networks';

describe('networks (SEC-40)', () => {
  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['::ffff:a01:203', ['10.0.0.0/8'], true],
    ['10.1.2.3', ['::ffff:10.0.0.0/104'], true],
    ['10.1.2.3', ['10.1.2.3'], true],
    ['10.1.2.4', ['10.1.2.3/32'], false],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:DB8:0:0::1', ['2001:db8::1'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['10.1.2.3', ['::/0'], false],
    ['2001:db8::1', ['0.0.0.0/0'], false],
    ['192.168.1.9', ['10.0.0.0/8', '192.168.0.0/16'], true],
    ['10.1.2.3', [], false],
    ['10.1.2.3', ['nonsense'], false],
    ['10.1.2.3', ['nonsense', '10.0.0.0/8'], true],
    ['unknown', ['0.0.0.0/0', '::/0'], false],
    ['', ['0.0.0.0/0'], false],
    [undefined, ['0.0.0.0/0', '::/0'], false],
  ])('%s in %j: %s', (address, ranges, expected) => {
    expect(inNetworks(address, ranges)).toBe(expected);
  });

  it.each(['10.0.0.0/8', '10.0.0.1', '0.0.0.0/0', '2001:db8::/32', '::1', '::ffff:10.0.0.0/104', ' 10.0.0.0/8 '])(
    '%s is a range',
    (text) => {
      expect(isRange(text)).toBe(true);
    },
  );

  it.each([
    '',
    '/',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '2001:db8::/129',
    '::ffff:10.0.0.0/95',
    'acme.test',
    '*',
  ])('%j is refused when it is saved', (text) => {
    expect(isRange(text)).toBe(false);
  });
});
