import { ConfigError, loadConfig } from './config';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

it.each([
  ['DATABASE_URL', {}],
  ['AUTH_SIGNING_KEYS', {}],
  ['METRICS_TOKEN', {}],
  ['AUTH_PASSWORD_COST', { AUTH_PASSWORD_COST: '14' }],
  ['GATE_ACCOUNT', { GATE_ACCOUNT: 'gate@example.test' }],
  ['DEMO_PASSWORD', { DEMO_PASSWORD: 'try-rollcall-out' }],
])('production is refused without what guards data, and with what is for trying out: %s', (name, environment) => {
  expect(faultsOf({ NODE_ENV: 'production', ...environment }).join('\n')).toMatch(new RegExp(`^${name} `, 'm'));
  expect(faultsOf(environment)).toEqual([]);
});
