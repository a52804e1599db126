import { Problem } from '../../http/problems/problem';
import { trailColumns, eventOf, type TrailLine } from './trail-line';

const line: TrailLine = {
  tenantId: '00000000-0000-0000-0000-000000000000',
  userId: null,
  method: 'GET',
  template: '/api/punches/:id',
  resourceId: 'x',
  statusCode: 200,
  problem: undefined,
  userAgent: undefined,
  replayed: false,
  audited: undefined,
  address: '192.0.2.1',
  durationMs: 1.5,
  requestId: 'r-1',
  answeredAt: 0,
};
const detailsOf = (change: Partial<TrailLine>) =>
  JSON.parse(String(trailColumns({ ...line, ...change })[6])) as unknown;

it.each([
  [200, 'api.call'],
  [304, 'api.call'],
  [400, 'api.refused'],
  [401, 'auth.refused'],
  [403, 'access.refused'],
  [404, 'not_found'],
  [405, 'api.refused'],
  [429, 'quota.refused'],
  [500, 'api.failed'],
  [503, 'api.failed'],
])('%i is %s', (status, event) => {
  expect(eventOf({ statusCode: status, problem: undefined })).toBe(event);
});

it('says what a caller of a refused token is not told', () => {
  const problem = new Problem('unauthorized', 'Sign in again.', {
    cause: new Error('"exp" claim timestamp check failed'),
  });
  expect(detailsOf({ statusCode: 401, problem })).toEqual({
    statusCode: 401,
    code: 'unauthorized',
    reason: '"exp" claim timestamp check failed',
  });
});

it('says nothing of what caused a failure of ours: it may quote data', () => {
  const problem = new Problem('internal_error', 'Something went wrong.', { cause: new Error('Key (email)=(a@b.c)') });
  expect(detailsOf({ statusCode: 500, problem })).toEqual({ statusCode: 500, code: 'internal_error' });
});

it('keeps an address that PostgreSQL would refuse from losing the whole batch', () => {
  expect(trailColumns({ ...line, address: 'fe80::1%eth0' })[7]).toBe('fe80::1');
  expect(trailColumns({ ...line, address: 'nonsense' })[7]).toBeNull();
});
