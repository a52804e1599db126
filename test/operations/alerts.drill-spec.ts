import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { itWith } from '../support/programs';

const rules = path.resolve(__dirname, '../../ops/prometheus');
const tests = ['alerts.test.yml', 'alerts.days.test.yml'];

describe('alerts', () => {
  itWith('promtool')('pass promtool', () => {
    const run = (...args: string[]) => execFileSync('promtool', args, { cwd: rules, encoding: 'utf8' });
    expect(run('check', 'rules', 'alerts.yml')).toContain('SUCCESS');
    expect(run('test', 'rules', ...tests)).toContain('SUCCESS');
  });
});
