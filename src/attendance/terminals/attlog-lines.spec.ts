import { zoneNamed } from '../rules/time/zone';
import { uploadedLines, readLines } from './attlog-lines';
import { factoryStates } from './device';
import { lateness } from './device-health';
import { handshakeZone } from './handshake';

const keys = { states: factoryStates };
const berlin = zoneNamed('Europe/Berlin');
const later = new Date('2026-06-01T00:00:00Z');
const line = (time: string, state = '0') => `7\t${time}\t${state}\t1\t0`;

describe('lines of a terminal', () => {
  it('FILE-02: are PIN, time, state, verification, work code; the device is that of the request', () => {
    const { lines } = readLines(['0042\t2026-03-02 08:00:00\t1\t15\t\t\t0\t'], keys, berlin, later);
    expect(lines).toMatchObject([
      { pin: '0042', type: 'out', at: new Date('2026-03-02T07:00:00Z'), offsetMinutes: 60, date: '2026-03-02' },
    ]);
  });

  it.each(['7\t2026-03-02 08:00:00', '7\t2026-03-02 08:00:00\t', '7\t2026-03-02 08:00:00\t \t1\t0'])(
    'without a state say that somebody was there, not which way: %j',
    (text) => {
      expect(readLines([text], keys, berlin, later)).toMatchObject({ lines: [{ type: 'unknown' }], rejected: [] });
    },
  );

  it('end as they like, and empty ones are none', () => {
    expect(uploadedLines('a\r\nb\n\n \nc\rd\n')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are as many as an upload of 1 MiB has room for, of the shortest that tell a punch; more is no terminal', () => {
    const shortest = '7\t2026-03-02 08:00:00\n';
    const most = Math.floor((1024 * 1024) / shortest.length);
    expect(uploadedLines(shortest.repeat(most))).toHaveLength(most);
    expect(() => uploadedLines('a\n'.repeat(500_000))).toThrow('An upload may have 48000 lines.');
  });

  it('sent in the first showing of an hour can only belong to it; sent later, nobody knows', () => {
    const twice = [line('2025-10-26 02:30:00')];
    const first = readLines(twice, keys, berlin, new Date('2025-10-26T00:31:00Z'));
    expect(first.lines.map(({ at }) => at.toISOString())).toEqual(['2025-10-26T00:30:00.000Z']);
    const second = readLines(twice, keys, berlin, new Date('2025-10-26T01:31:00Z'));
    expect([second.lines, second.rejected.map(({ reason }) => reason)]).toEqual([[], ['ambiguous_local_time']]);
  });

  it('keep a line whole that is rejected', () => {
    expect(readLines(['rubbish'], keys, berlin, later).rejected).toMatchObject([
      { text: 'rubbish', reason: 'unreadable_row' },
    ]);
  });
});

it('a terminal on the half hour gets minutes, the others hours', () => {
  expect([0, 60, -300, 330, -210, 345].map(handshakeZone)).toEqual(['0', '1', '-5', '330', '-210', '345']);
});

it('what was sent at once says how wrong the clock is; what was sent late, how far behind the terminal', () => {
  const now = new Date('2026-03-02T12:00:00Z');
  const ago = (seconds: number) => ({ at: new Date(now.getTime() - seconds * 1000) });
  expect(lateness([ago(4)], now)).toEqual({ skewMs: 4000, late: 0 });
  expect(lateness([ago(-90)], now)).toEqual({ skewMs: -90_000, late: 0 });
  expect(lateness([ago(7200), ago(3600)], now)).toEqual({ late: 2, since: ago(7200).at });
  expect(lateness([ago(7200), ago(1)], now)).toEqual({ skewMs: 1000, late: 1, since: ago(7200).at });
});
