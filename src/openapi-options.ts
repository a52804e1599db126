import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AUDITED } from './audit/ledger/audited.decorator';
import { ACCESS, type Access } from './auth/access.decorators';
import type { OpenApiOptions } from './http/openapi/openapi';
import { NO_REPLAY } from './idempotency/no-replay.decorator';

const manifest = z.object({ version: z.string() });

/** The version of this build, as package.json states it. */
export const productVersion = manifest.parse(
  JSON.parse(readFileSync(path.resolve(__dirname, '../package.json'), 'utf8')),
).version;

/** What the document says of a route, read from the decorators that the guards and interceptors read. */
export const documentOptions: OpenApiOptions = {
  version: productVersion,
  isWrite: (handler) => Reflect.hasMetadata(AUDITED, handler),
  isReplayed: (handler) => Reflect.hasMetadata(AUDITED, handler) && !Reflect.hasMetadata(NO_REPLAY, handler),
  access: (handler, controller) => {
    const own = Reflect.getMetadata(ACCESS, handler) as Access | undefined;
    return own ?? (Reflect.getMetadata(ACCESS, controller) as Access | undefined) ?? { kind: 'permission', anyOf: [] };
  },
  tags: [
    { name: 'auth', description: 'Sign in, refresh, sign out; who am I.' },
    { name: 'punches', description: 'In, out and breaks: facts, recorded exactly once.' },
    { name: 'terminals', description: 'Terminals at the door: their administration, and what they themselves call.' },
    { name: 'schedules', description: 'Who is to work when: shifts by the week, by a rotation or for one date.' },
    { name: 'calendar', description: 'Holidays, leave, and the versions of the rules.' },
    {
      name: 'work days',
      description: 'What the punches come to: days with their explanation, sums, who is in, what-if.',
    },
    { name: 'exceptions', description: 'What is odd about a day, and what somebody decided about it.' },
    { name: 'corrections', description: 'Requests to put punches right; somebody else decides.' },
    { name: 'pay periods', description: 'Closing what is to be paid; late facts become adjustments.' },
    {
      name: 'import',
      description: 'Files in: looked at first, loaded at the speed of the database, undone as a whole.',
    },
    { name: 'exports', description: 'Files out: punches, days, exceptions and totals, streamed however many.' },
    { name: 'users', description: 'The people of a tenant: employees, approvers, administrators.' },
    { name: 'administration', description: 'Roles for one person and for a thousand; finding people.' },
    { name: 'api keys', description: 'Callers that are no people: terminals and other systems.' },
    { name: 'settings', description: 'What a tenant decides for itself.' },
    { name: 'audit', description: 'Who changed what, when and from where: the ledger, and the trail of requests.' },
    { name: 'tenants', description: 'For platform operators.' },
    { name: 'health', description: 'For orchestrators and load balancers.' },
    { name: 'monitoring', description: 'Metrics for Prometheus; statements and the database, for operators.' },
  ],
};
