import { count, quotaScene, statuses } from './scene';

const { start, ask } = quotaScene();

describe('quotas of sign-ins (LIM-12)', () => {
  const signIn = (email: unknown, password: string, from?: string) =>
    ask('/api/auth/login', { method: 'POST', body: { email, password }, ...(from ? { from } : {}) });

  it('limits failures for each account, whatever the spelling and the address', async () => {
    await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '3' });
    const spellings = ['Ann@acme.test', 'ann@acme.test', ' ANN@ACME.TEST ', 'ann@acme.test'];
    expect(await statuses(4, (i) => signIn(spellings[i], 'wrong', `192.0.2.${i}`))).toEqual([401, 401, 401, 429]);
    const refused = await signIn('ann@acme.test', 'right');
    expect(refused.json).toMatchObject({ violatedPolicies: ['login'] });
    expect(refused.headers['retry-after']).toBe('300');
    expect((await signIn('bob@acme.test', 'right')).statusCode).toBe(200);
  });

  it('limits failures for each address, ten times as many', async () => {
    await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '2' });
    const seen = await statuses(25, (i) => signIn(`person${i}@acme.test`, 'wrong'));
    expect([count(seen, 401), count(seen, 429)]).toEqual([20, 5]);
    expect((await signIn('another@acme.test', 'right')).json).toMatchObject({
      violatedPolicies: ['login-address'],
    });
    expect((await signIn('another@acme.test', 'right', '192.0.2.2')).statusCode).toBe(200);
  });

  it('counts neither successes nor faults of ours nor bad bodies', async () => {
    await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '1', RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '1' });
    expect(count(await statuses(30, () => signIn('ann@acme.test', 'right')), 200)).toBe(30);
    expect(count(await statuses(30, () => signIn('ann@acme.test', 'broken')), 503)).toBe(30);
    expect((await signIn(['ann@acme.test'], 'right')).statusCode).toBe(200);
    expect((await signIn('ann@acme.test', 'right')).statusCode).toBe(200);
  });

  it('admits no more guesses at once than one after the other', async () => {
    await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '3' });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => signIn('ann@acme.test', 'wrong', `192.0.2.${i}`)),
    );
    expect(
      count(
        answers.map((answer) => answer.statusCode),
        401,
      ),
    ).toBe(3);
  });
});
