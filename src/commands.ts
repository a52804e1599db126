import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createApplication } from './application';
import { DayRebuild } from './attendance/days/day-rebuild';
import type { GenerateOptions } from './tools/generate/options';
import { GeneratedPeople } from './tools/generate/people';
import { isDate, parseDate } from './attendance/rules/time/calendar';
import { AccessTokens } from './auth/access-tokens';
import { PLATFORM_TENANT } from './tenancy/platform-tenant';
import { PrincipalsRepository } from './auth/principals.repository';
import { type Config, loadConfig } from './config/config';
import { makeDataFolder } from './config/data-folder';
import { type DatabaseAccess, openDatabase, StartError } from './database/access';
import { migrate } from './database/migrating/migrate';
import { UnitOfWork } from './database/unit-of-work';
import { demoPassword } from './demo/demo-password';
import { DemoFortnight } from './demo/demo-fortnight';
import { DemoService } from './demo/demo.service';
import { buildOpenApi } from './http/openapi/openapi';
import { documentOptions } from './openapi-options';
import { runRetention } from './retention/command';
import { RetentionService } from './retention/retention.service';

type Application = Awaited<ReturnType<typeof createApplication>>;

/** `rollcall migrate`: the names of the migrations that ran, a line each. */
export function bringUpToDate(direction: 'up' | 'down'): Promise<string> {
  return withDatabase(quietConfig(), async (access) => {
    if (!access.owner) throw new StartError('DATABASE_OWNER_URL is needed to migrate.');
    const done = await migrate(access.owner, direction);
    return done.length === 0 ? 'Nothing to do.\n' : `${done.join('\n')}\n`;
  });
}

/** `rollcall demo` */
export function makeDemo(): Promise<string> {
  return withApplication(async (app, config) => {
    await makeDataFolder(config.dataDir);
    const password = await demoPassword(config);
    await app.get(DemoService, { strict: false }).create(password);
    await app.get(DemoFortnight, { strict: false }).create();
    return `Demo people are ready; their password is ${password}\n`;
  });
}

/** `rollcall token`: an access token for the person with this address. */
export function issueToken(email: string, tenant: string | null = null): Promise<string> {
  return withApplication(async (app) => {
    const people = app.get(PrincipalsRepository, { strict: false });
    const work = app.get(UnitOfWork, { strict: false });
    const places = await work.read(PLATFORM_TENANT, (tx) => people.places(tx, email, tenant));
    const [place] = places;
    if (!place) throw new StartError(`No active person has the address ${email}.`);
    if (places.length > 1)
      throw new StartError(
        `Several tenants know this address: name one of ${places.map((p) => p.slug).join(', ')} with --tenant.`,
      );
    const tokens = app.get(AccessTokens, { strict: false });
    const { token } = await tokens.issue({ tenantId: place.tenant_id, userId: place.user_id });
    return `${token}\n`;
  });
}

/** `rollcall openapi`: the document, or nothing where it went into a file. */
export function describeApi(file?: string): Promise<string> {
  return withApplication(async (app) => {
    const document = `${JSON.stringify(buildOpenApi(app, documentOptions), null, 2)}\n`;
    if (file === undefined) return document;
    await writeFile(path.resolve(file), document);
    return '';
  });
}

/** `rollcall days`: computes the work days of a span anew. */
export function rebuildDays(tenant: string, from: string, to: string): Promise<string> {
  return withApplication(async (app) => {
    if (!isDate(from) || !isDate(to)) throw new StartError('--from and --to are dates such as 2026-03-01.');
    const tenantId = await tenantCalled(app, tenant);
    const rebuild = app.get(DayRebuild, { strict: false });
    const { people, days, changed } = await rebuild.run(tenantId, parseDate(from), parseDate(to));
    return `${people} people, ${days} days computed, ${changed} changed.\n`;
  });
}

/** `rollcall retention` */
export function retain(isDryRun: boolean): Promise<{ readonly ok: boolean; readonly text: string }> {
  return withApplication((app) => runRetention(app.get(RetentionService, { strict: false }), isDryRun));
}

/** `rollcall generate --tenant`: makes the people whom a generated file names; says how many were not there yet. */
export function makePeople(tenant: string, options: GenerateOptions): Promise<number> {
  return withApplication(async (app) => {
    const tenantId = await tenantCalled(app, tenant);
    return app.get(GeneratedPeople, { strict: false }).create(tenantId, options);
  });
}

async function tenantCalled(app: Application, slug: string): Promise<string> {
  const id = await app.get(DayRebuild, { strict: false }).tenantCalled(slug);
  if (id === undefined) throw new StartError(`There is no tenant ${slug}.`);
  return id;
}

/** A command answers on standard output; the server's log lines would stand in between. */
const quietConfig = (): Config => ({ ...loadConfig(), LOG_LEVEL: 'fatal' });

async function withDatabase<T>(config: Config, work: (access: DatabaseAccess) => Promise<T>): Promise<T> {
  const access = await openDatabase(config, () => undefined);
  try {
    return await work(access);
  } finally {
    await access.stop();
  }
}

function withApplication<T>(work: (app: Application, config: Config) => Promise<T>): Promise<T> {
  const config = quietConfig();
  return withDatabase(config, async (access) => {
    if (access.owner) await migrate(access.owner);
    const app = await createApplication(config, access);
    try {
      await app.init();
      return await work(app, config);
    } finally {
      await app.close();
    }
  });
}
