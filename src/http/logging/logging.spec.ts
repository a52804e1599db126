import fc from 'fast-check';
import { createLogger } from './logger';
import { redact } from './redact';

const canary = 'canary-7f3a9c-do-not-log';

function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  log(createLogger({ LOG_LEVEL: 'trace', LOG_FILE: undefined }, { write: (line: string) => (text += line) }));
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
