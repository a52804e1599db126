import { boundedCopy, headerText, inetOf, printable } from './stored-text';

describe('what others wrote', () => {
  it('is stored as it is when it prints', () => {
    expect(printable('kiosk/2.1 (Größe; 日本)', 100)).toBe('kiosk/2.1 (Größe; 日本)');
  });

  it('is escaped where a terminal or a log would obey it', () => {
    expect(printable('a\r\nb\u001b[2J\u0000\u202e', 100)).toBe('a\\u000d\\u000ab\\u001b[2J\\u0000\\u202e');
  });

  it('is bounded, also when escaping makes it longer', () => {
    expect(printable('x'.repeat(65_536), 256)).toHaveLength(256);
    expect(printable('\n'.repeat(65_536), 256)).toHaveLength(256);
  });

  it('is well-formed even when it is cut in the middle of a pair', () => {
    expect(printable('ab😀', 3)).toBe('ab\ufffd');
    expect(() => JSON.parse(JSON.stringify(printable('\ud800', 9))) as unknown).not.toThrow();
  });

  it('of headers is read as UTF-8, and what is none is replaced', () => {
    expect(headerText(Buffer.from('Größe').toString('latin1'), 100)).toBe('Größe');
    expect(headerText('\u00ff\u00fe', 100)).toBe('\ufffd\ufffd');
  });

  it('is copied within its bound', () => {
    expect(boundedCopy('short', 10)).toBe('short');
    expect(boundedCopy('x'.repeat(30_000), 10)).toBe('xxxxxxxxxx');
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['unknown', null],
    ['', null],
  ])('%s is stored as %s', (given, stored) => {
    expect(inetOf(given)).toBe(stored);
  });
});
