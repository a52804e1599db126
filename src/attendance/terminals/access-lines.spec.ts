import { accessRow, accessTime, isAccessLine, namesNobody } from './access-lines';

const live = 'time=2026-11-24 08:00:00\tpin=42\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=1\tindex=21';
const stored = (seconds: number) =>
  `transaction Cardno=0\tPin=42\tVerified=1\tDoorID=1\tEventType=0\tInOutState=1\tTime_second=${seconds}\tindex=21`;

describe('BUG-05: a line of access control', () => {
  it('is a person at a time, and on the way in or out', () => {
    expect(accessRow(live, 3)).toEqual({ line: 3, cells: ['42', '2026-11-24T08:00:00', '', '0', '1', ''] });
    const seconds = accessTime(new Date('2026-11-24T17:31:59Z'));
    expect(accessRow(stored(seconds), 0)).toEqual({ line: 0, cells: ['42', '2026-11-24T17:31:59', '', '1', '1', ''] });
  });

  it.each([
    ['inoutstatus=0', 'inoutstatus=2', '255'],
    ['inoutstatus=0', 'other=0', '255'],
    ['event=0', 'event=14', '0'],
  ])('with %s as %s has the state %s', (from, to, state) => {
    expect(accessRow(live.replace(from, to), 0)).toMatchObject({ cells: expect.arrayContaining([state]) as string[] });
  });

  it.each(['20', '23', '27', '202', 'x'])('of event %s is no punch', (event) => {
    expect(accessRow(live.replace('event=0', `event=${event}`), 0)).toMatchObject({ reason: 'not_a_punch' });
  });

  it.each(['pin=42', 'time=2026-11-24 08:00:00'])('without %s cannot be read', (field) => {
    expect(accessRow(live.replace(field, 'x=1'), 0)).toMatchObject({ fault: expect.any(String) as string });
  });

  it('of a door that opens by itself names nobody; a card that nobody knows is somebody', () => {
    expect(namesNobody(live)).toBe(false);
    expect(namesNobody(live.replace('pin=42', 'pin=0'))).toBe(true);
    expect(namesNobody(live.replace('pin=42', 'pin=0').replace('cardno=0', 'cardno=7781'))).toBe(false);
    expect(namesNobody('time=2026-11-24 08:00:00')).toBe(false);
  });

  it('is told from one in columns', () => {
    expect([live, stored(1), '42\t2026-11-24 08:00:00\t0\t1', 'a=b rubbish'].map(isAccessLine)).toEqual([
      ...[true, true, false, true],
    ]);
  });
});
