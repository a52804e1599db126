import fc from 'fast-check';
import { createLogger } from './logger';
import { redact } from './redact';

const canary = 'canary-7f3a9c-do-not-log';

function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  log(
    createLogger(
      { LOG_LEVEL: 'trace', LOG_FILE: undefined, NODE_ENV: 'test' },
      { write: (line: string) => (text += line) },
    ),
  );
  return text;
}

describe('what is logged', () => {
  it.each([
    'password',
    'newPassword',
    'refreshToken',
    'Authorization',
    'cookie',
    'apiKey',
    'idempotency-key',
    'clientSecret',
    'webhookSignature',
    'privateKey',
    'pin',
    'userPin',
    'otp',
    'iban',
    'ssn',
    'cardNumber',
    'card_number',
    'phone',
    'phoneNumber',
  ])('masks %s four levels deep', (name) => {
    expect(
      written((logger) => {
        logger.info({ a: { b: [{ c: { [name]: canary } }] } }, 'x');
      }),
    ).not.toContain(canary);
  });

  it('knows credentials by their look, wherever they stand', () => {
    const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ';
    const text = written((logger) => {
      logger.info(`GET /x?token=${canary}&page=2 with Bearer ${token}`);
      logger.info({ url: `/reset?code=${canary}` }, 'x');
      logger.info({ note: `header was ${token}` }, 'x');
    });
    expect(text).not.toMatch(/canary|eyJzdWIi/);
    expect(text).toContain('page=2');
  });

  it.each([
    ['an assignment', `could not connect, password=${canary}`],
    ['a header', `Authorization: Basic ${canary}`],
    ['words', `the passphrase: "${canary} with blanks" was refused`],
    ['an address', `cannot reach postgres://app:${canary}@db.internal:5432/rollcall`],
    ['an address with a difficult password', `redis://:p@${canary}/x:y@cache`],
    ['a key file', `read -----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`],
    ['a key file that was cut off', `read -----BEGIN RSA PRIVATE KEY-----\n${canary}`],
    ['JSON', JSON.stringify({ a: [{ password: { is: canary } }], pin: canary })],
    ['JSON among words', `refused {"user":"x","client_secret":"${canary} \\" ${canary}","n":1}`],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ otp: canary }) }) })],
    ['JSON in JSON among words', `sent ${JSON.stringify({ b: JSON.stringify({ token: `x ${canary}`, a: 1 }) })}`],
    ['JSON that was cut off', `{"a":1,"password":"${canary}`],
    ['a number of a person', `iban: ${canary}, userPin=${canary}, "phoneNumber":"${canary}"`],
  ])('B14: takes secrets out of free text: %s', (_, text) => {
    const lines = written((logger) => {
      logger.info(text);
      logger.info({ note: text }, 'x');
      logger.error({ err: new Error(text) }, 'x');
    });
    expect(lines).not.toContain(canary);
    expect(lines).toContain('[redacted]');
  });

  it.each([
    'GET http://localhost:3000/people/list took 12 ms',
    'shipping: express, discard=3, spinning: yes',
    'Listening on http://localhost:3000, with PostgreSQL 18 at db.internal:5432',
    'The database does not answer: connect ECONNREFUSED 127.0.0.1:5432',
  ])('leaves alone what holds none: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('masks a refresh token in free text', () => {
    const token = `rcr_${'A'.repeat(86)}`;
    expect(
      written((logger) => {
        logger.info(`refused ${token}`);
      }),
    ).not.toContain(token);
  });

  it('masks most of an e-mail address', () => {
    expect(
      written((logger) => {
        logger.info('sign-in of jane.doe@example.com');
      }),
    ).toContain('j***@example.com');
  });

  it("reduces the driver's errors to their SQLSTATE and constraint, causes included", () => {
    const error = Object.assign(new Error(`duplicate key (email)=(${canary})`), {
      code: '23505',
      severity: 'ERROR',
      constraint: 'users_email_unique',
      detail: canary,
      query: canary,
      parameters: [canary],
    });
    const text = written((logger) => {
      logger.error({ err: new Error('it failed', { cause: error }) }, 'x');
    });
    expect(text).not.toContain(canary);
    expect(text).toContain('SQLSTATE 23505');
    expect(text).toContain('users_email_unique');
  });

  it('SEC-49: one value is one JSON line, whatever is in it', () => {
    const hostile = 'a\r\nb\u001b[31m{"level":60}';
    const lines = written((logger) => {
      logger.info({ agent: hostile }, hostile);
    })
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', agent: hostile });
  });

  it('survives cycles, depth and size', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(redact(loop)).toEqual({ self: '[…]' });
    expect(
      written((logger) => {
        logger.info({ big: 'x'.repeat(100_000) }, 'x');
      }).length,
    ).toBeLessThan(10_000);
  });

  it('lets no secret through, whatever object it is hidden in', () => {
    const secretly = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(
        secretly,
        fc.constantFrom('password', 'accessToken', 'secret', 'api_key', 'Cookie'),
        (value, name) => {
          const text = written((logger) => {
            logger.info({ deep: { value, [name]: { inner: canary }, list: [{ [name]: canary }] } }, 'x');
          });
          return !text.includes(canary);
        },
      ),
    );
  });
});
