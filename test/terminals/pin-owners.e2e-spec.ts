import { YEAR } from './dates';
import { TerminalScene } from './scene';
import { line } from './terminal';

const scene = TerminalScene.forFile();

describe('whose PIN it is', () => {
  it('a binding says first, for its dates; then the employee number', async () => {
    const [bound, numberedSo] = [await scene.numbered('B-1'), await scene.numbered('3001')];
    const device = await scene.registered();
    const pins = `/api/devices/${device.id}/pins`;
    const until = { pin: '3001', employeeId: bound.id, effectiveUntil: `${YEAR}-03-02` };
    expect((await scene.acme.admin.api.post(pins, until)).status).toBe(201);
    await device.terminal.tell([line('3001', `${YEAR}-03-02 23:59:59`), line('3001', `${YEAR}-03-03 00:00:00`)]);
    expect(await scene.timesOf(bound)).toEqual([`in ${YEAR}-03-02T22:59:59.000Z`]);
    expect(await scene.timesOf(numberedSo)).toEqual([`in ${YEAR}-03-02T23:00:00.000Z`]);
  });

  it('a binding of the terminal comes before one of all terminals', async () => {
    const [here, everywhere] = [await scene.numbered('B-2'), await scene.numbered('B-3')];
    const [one, other] = [await scene.registered(), await scene.registered()];
    const pins = `/api/devices/${one.id}/pins`;
    await scene.acme.admin.api.post(pins, { pin: '77', employeeId: everywhere.id, allDevices: true });
    await scene.acme.admin.api.post(pins, { pin: '77', employeeId: here.id });
    await one.terminal.tell([line('77', `${YEAR}-03-02 08:00:00`)]);
    await other.terminal.tell([line('77', `${YEAR}-03-02 09:00:00`)]);
    expect(await scene.timesOf(here)).toEqual([`in ${YEAR}-03-02T07:00:00.000Z`]);
    expect(await scene.timesOf(everywhere)).toEqual([`in ${YEAR}-03-02T08:00:00.000Z`]);
  });

  it('zeros in front count; a number that differs in them alone will do if there is but one', async () => {
    const [short, long] = [await scene.numbered('55'), await scene.numbered('0055')];
    const alone = await scene.numbered('00066');
    const device = await scene.registered();
    await device.terminal.tell([
      line('0055', `${YEAR}-03-02 08:00:00`),
      line('55', `${YEAR}-03-02 09:00:00`),
      line('055', `${YEAR}-03-02 10:00:00`),
      line('66', `${YEAR}-03-02 11:00:00`),
    ]);
    expect([await scene.timesOf(long), await scene.timesOf(short), await scene.timesOf(alone)]).toEqual([
      [`in ${YEAR}-03-02T07:00:00.000Z`],
      [`in ${YEAR}-03-02T08:00:00.000Z`],
      [`in ${YEAR}-03-02T10:00:00.000Z`],
    ]);
    expect(await scene.rejectsOf(device)).toEqual([
      { line: line('055', `${YEAR}-03-02 10:00:00`), reason: 'pin_ambiguous' },
    ]);
  });

  it('an unknown one waits, and becomes a punch once it is bound and tried again', async () => {
    const person = await scene.numbered('B-4');
    const device = await scene.registered();
    expect((await device.terminal.tell([line('9090', `${YEAR}-03-02 08:00:00`), 'rubbish'])).text).toBe('OK: 2');
    expect((await scene.rejectsOf(device)).map(({ reason }) => reason).sort()).toEqual([
      'pin_unknown',
      'unreadable_row',
    ]);
    await scene.acme.admin.api.post(`/api/devices/${device.id}/pins`, { pin: '9090', employeeId: person.id });
    const again = await scene.acme.admin.api.post(`/api/devices/${device.id}/rejects/retry`);
    expect(again.body).toEqual({ recorded: 1, duplicate: 0, rejected: 1 });
    expect(await scene.punchesOf(person)).toMatchObject([{ source: 'terminal', createdBy: scene.acme.admin.id }]);
    expect((await scene.rejectsOf(device)).map(({ reason }) => reason)).toEqual(['unreadable_row']);
  });
});
