import { misspelt } from './misspelt';

describe('B16: a variable that looks like a setting', () => {
  it.each([
    ['METRIC_TOKEN', 'METRICS_TOKEN'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['TRUSTED_PROXY', undefined],
    ['TRUST_PROXIES', 'TRUSTED_PROXIES'],
    ['DATABASE_LOCK_TIMEOUT', 'DATABASE_LOCK_TIMEOUT_MS'],
    ['RATE_LIMIT_LOGIN', 'RATE_LIMIT_LOGIN_PER_15_MINUTES'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['DRAIN_DELAY_MS', undefined],
    ['HOME', undefined],
    ['LOGNAME', undefined],
    ['HOSTNAME', undefined],
    ['NODE_OPTIONS', undefined],
    ['PATH', undefined],
  ])('%s is meant to be %s', (name, meant) => {
    expect(misspelt({ [name]: 'value' })).toEqual(meant === undefined ? [] : [{ name, meant }]);
  });
});
