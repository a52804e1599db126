#!/usr/bin/env node
import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createApplication } from './application';
import { DayRebuild } from './attendance/days/day-rebuild';
import { FlagError, generateFlags, generateUsage, optionsOf } from './attendance/imports/generate/command';
import { GeneratedPeople } from './attendance/imports/generate/people';
import { write } from './attendance/imports/generate/write';
import { isDate, parseDate } from './attendance/rules/time/calendar';
import { AccessTokens } from './auth/access-tokens';
import { newSigningKey } from './auth/signing-keys';
import { ConfigError, type Config, EXIT_CONFIG, loadConfig } from './config/config';
import { type DatabaseAccess, openDatabase, StartError } from './database/access';
import { migrate } from './database/migrating/migrate';
import { demoPassword } from './demo/demo-password';
import { DemoFortnight } from './demo/demo-fortnight';
import { DemoService } from './demo/demo.service';
import { PLATFORM_TENANT } from './auth/principal';
import { PrincipalsRepository } from './auth/principals.repository';
import { UnitOfWork } from './database/unit-of-work';
import { buildOpenApi } from './http/openapi';
import { preflight } from './preflight/preflight';
import { runRetention } from './retention/command';
import { RetentionService } from './retention/retention.service';
import { documentOptions } from './openapi-options';

const usage = `rollcall <command>

  migrate [--down]        bring the database to this build, or one migration back
  demo                    make the demo tenants and people
  token --email A [--tenant T]
                          print an access token for somebody, without their password (needs the signing key)
  openapi [--out FILE]    print the OpenAPI document
  keys                    print a fresh signing key for AUTH_SIGNING_KEYS
  preflight               check whether a server with these settings can start: one line each, and the remedy
  retention [--dry-run]   delete now what has expired, or say what would be; a line for each policy
  days --tenant T --from D --to D
                          compute the work days of a span anew from the punches; says what changed (nothing should)
${generateUsage}
Settings come from the environment; see .env.example.
`;

/** The operator's command. Exit codes: 0 done, 1 failed, 2 used wrongly, 78 configuration. */
async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      down: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      email: { type: 'string' },
      tenant: { type: 'string' },
      out: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      ...generateFlags,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command] = positionals;
  if (values.help || command === undefined) return say(usage, values.help ? 0 : 2);
  if (command === 'keys') return say(`${JSON.stringify([await newSigningKey()])}\n`);
  if (command === 'generate') return runGenerate(values);
  if (command === 'preflight') return runPreflight();
  const config = quiet(loadConfig());
  switch (command) {
    case 'migrate':
      return withDatabase(config, async (access) => {
        if (!access.owner) throw new StartError('DATABASE_OWNER_URL is needed to migrate.');
        const done = await migrate(access.owner, values.down ? 'down' : 'up');
        return say(done.length === 0 ? 'Nothing to do.\n' : `${done.join('\n')}\n`);
      });
    case 'demo':
      return withApplication(config, async (app) => {
        await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
        const password = await demoPassword(config);
        await app.get(DemoService, { strict: false }).create(password);
        await app.get(DemoFortnight, { strict: false }).create();
        return say(`Demo people are ready; their password is ${password}\n`);
      });
    case 'token':
      return withApplication(config, async (app) => {
        if (values.email === undefined) return say(usage, 2);
        const { email, tenant = null } = values;
        const people = app.get(PrincipalsRepository, { strict: false });
        const places = await app
          .get(UnitOfWork, { strict: false })
          .read(PLATFORM_TENANT, (tx) => people.places(tx, email, tenant));
        const [place] = places;
        if (!place) throw new StartError(`No active person has the address ${email}.`);
        if (places.length > 1)
          throw new StartError(
            `Several tenants know this address: name one of ${places.map((p) => p.slug).join(', ')} with --tenant.`,
          );
        const { token } = await app
          .get(AccessTokens, { strict: false })
          .issue({ tenantId: place.tenant_id, userId: place.user_id });
        return say(`${token}\n`);
      });
    case 'openapi':
      return withApplication(config, async (app) => {
        const document = `${JSON.stringify(buildOpenApi(app, documentOptions), null, 2)}\n`;
        if (values.out === undefined) return say(document);
        await writeFile(path.resolve(values.out), document);
        return 0;
      });
    case 'days':
      return withApplication(config, async (app) => {
        const { tenant, from, to } = values;
        if (tenant === undefined || from === undefined || to === undefined) return say(usage, 2);
        if (!isDate(from) || !isDate(to)) throw new StartError('--from and --to are dates such as 2026-03-01.');
        const rebuild = app.get(DayRebuild, { strict: false });
        const tenantId = await rebuild.tenantCalled(tenant);
        if (tenantId === undefined) throw new StartError(`There is no tenant ${tenant}.`);
        const { people, days, changed } = await rebuild.run(tenantId, parseDate(from), parseDate(to));
        return say(`${people} people, ${days} days computed, ${changed} changed.\n`);
      });
    case 'retention':
      return withApplication(config, async (app) => {
        const { ok, text } = await runRetention(app.get(RetentionService, { strict: false }), values['dry-run']);
        return say(text, ok ? 0 : 1);
      });
    default:
      return say(`There is no command "${command}".\n\n${usage}`, 2);
  }
}

async function runPreflight(): Promise<number> {
  const checks = await preflight();
  for (const { name, finding, remedy } of checks)
    process.stdout.write(
      remedy === undefined ? `ok     ${name}: ${finding}\n` : `FAILED ${name}: ${finding}: ${remedy}\n`,
    );
  return checks.some(({ remedy }) => remedy !== undefined) ? 1 : 0;
}

type Flags = Readonly<Partial<Record<'tenant' | 'out' | 'from' | keyof typeof generateFlags, string | boolean>>>;

/** Needs neither settings nor a database, unless it makes the people as well. */
async function runGenerate(values: Flags): Promise<number> {
  const text = (name: keyof Flags) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [out, tenant] = [text('out'), text('tenant')];
  const options = optionsOf(values);
  if (tenant !== undefined) {
    await withApplication(quiet(loadConfig()), async (app) => {
      const tenantId = await app.get(DayRebuild, { strict: false }).tenantCalled(tenant);
      if (tenantId === undefined) throw new StartError(`There is no tenant ${tenant}.`);
      const made = await app.get(GeneratedPeople, { strict: false }).create(tenantId, options);
      process.stderr.write(`${made} of ${options.people} people made.\n`);
      return 0;
    });
  }
  const files = { truth: text('truth'), people: text('people-file'), truthDays: values['truth-days'] === true };
  const written = await write(options, { out, ...files, fallback: process.stdout });
  if (out === undefined) return 0;
  return say(
    `${written.rows} rows, ${written.bytes} bytes; to be created: ${written.expected.create} punches, to be rejected: ${written.expected.reject} rows.\n`,
  );
}

function say(text: string, code = 0): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}

/** A command answers on standard output; the server's log lines would stand in between. */
function quiet(config: Config): Config {
  return { ...config, LOG_LEVEL: 'fatal' };
}

async function withDatabase(config: Config, work: (access: DatabaseAccess) => Promise<number>): Promise<number> {
  const access = await openDatabase(config, () => undefined);
  try {
    return await work(access);
  } finally {
    await access.stop();
  }
}

function withApplication(
  config: Config,
  work: (app: Awaited<ReturnType<typeof createApplication>>) => Promise<number>,
): Promise<number> {
  return withDatabase(config, async (access) => {
    if (access.owner) await migrate(access.owner);
    const app = await createApplication(config, access);
    try {
      await app.init();
      return await work(app);
    } finally {
      await app.close();
    }
  });
}

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : error instanceof FlagError ? 2 : 1;
  },
);
