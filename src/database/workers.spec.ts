import type { Logger } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Problem } from '../http/problems/problem';
import { Workers } from './workers';

const refused = Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:5432')], ''), {
  code: 'ECONNREFUSED',
});

const aGauge = () => new Gauge({ name: 'failing', help: '-', labelNames: ['worker'], registers: [new Registry()] });

describe('a worker that fails', () => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const log = { warn: write, error: write, log: write } as unknown as Logger;
  beforeEach(() => lines.splice(0));

  it('waits twice as long each time, half a minute at most, and a second again once it has worked', () => {
    const worker = new Workers(aGauge()).named('days', log);
    const away = new Problem('database_unavailable', 'The database cannot be reached.', { cause: refused });
    const pauses = () => Array.from({ length: 7 }, () => worker.failed('Looking failed', away));
    expect(pauses()).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    worker.succeeded();
    expect(pauses()[0]).toBe(1000);
  });

  it.each([
    [
      new Problem('database_unavailable', 'Away.', { cause: refused }),
      'database_unavailable: connect ECONNREFUSED ::1:5432',
    ],
    [new Problem('database_unavailable', 'None came free.'), 'database_unavailable: None came free.'],
    [Object.assign(new Error('value "secret"'), { code: '42P01' }), 'internal_error: SQLSTATE 42P01'],
    [new Error('it broke'), 'internal_error: it broke'],
  ])('says kind, cause and next try: %s', (error, words) => {
    new Workers(aGauge()).named('days', log).failed('Looking failed', error);
    expect(lines).toEqual([`Looking failed: ${words}; next try in 1 s`]);
  });

  it('is reported from its first failure until it works again, and says so', async () => {
    const gauge = aGauge();
    const workers = new Workers(gauge);
    const worker = workers.named('days', log);
    const shown = async () => (await gauge.get()).values;
    expect(await shown()).toMatchObject([{ labels: { worker: 'days' }, value: 0 }]);
    worker.failed('Looking failed', new Error('it broke'));
    const since = workers.reports()[0]?.failing?.since;
    worker.failed('Looking failed', new Error('it broke'));
    expect(workers.reports()).toEqual([{ name: 'days', failing: { since, code: 'internal_error' } }]);
    expect(await shown()).toMatchObject([{ value: 1 }]);
    worker.succeeded();
    expect(workers.reports()).toEqual([{ name: 'days' }]);
    expect(await shown()).toMatchObject([{ value: 0 }]);
    expect(lines.at(-1)).toMatch(/^days: works again, after \d+ s$/);
  });
});
