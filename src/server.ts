import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from './application';
import { ConfigError, type Config, EXIT_CONFIG, loadConfig } from './config/config';
import { type DatabaseAccess, openDatabase, StartError } from './database/access';
import { DatabaseHealth } from './database/database-health';
import { firstFreePort } from './database/embedded/ports';
import { demoPassword } from './demo/demo-password';
import { DemoFortnight } from './demo/demo-fortnight';
import { DemoService } from './demo/demo.service';
import { welcome } from './demo/welcome';
import { DrainState } from './http/lifecycle/drain';
import { Shutdown } from './http/lifecycle/shutdown';
import { linesWritten } from './http/logging/blocks';

const FIRST_CONNECTION_MS = 10_000;

/** Runs the server until a signal ends it. A start that cannot succeed ends in one clear line and an exit code. */
export async function runServer(): Promise<void> {
  const shutdown = new Shutdown().listen();
  try {
    await start(shutdown, loadConfig());
  } catch (error) {
    const expected = error instanceof ConfigError || error instanceof StartError;
    process.stderr.write(
      `${expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }
}

async function start(shutdown: Shutdown, config: Config): Promise<void> {
  const access = await openDatabase(config, (line) => process.stderr.write(`${line}\n`));
  shutdown.starting(() => access.stop());
  try {
    if (access.owner) await migrated(access);
    const app = await createApplication(config, access);
    for (const { name, meant } of config.misspelt)
      new Logger('Config').warn(`${name} is no setting and is not read: is ${meant} meant?`);
    await connected(app);
    await app.init();
    const demo = access.embedded && !config.production ? await demoPassword(config) : undefined;
    if (demo !== undefined) await app.get(DemoService, { strict: false }).create(demo);
    const url = await listen(app, config);
    shutdown.ready(stepsOf(app, access, config));
    new Logger('Server').log(`Listening on ${url}, with ${access.description}`);
    if (demo !== undefined) void welcomed(app, url, demo);
  } catch (error) {
    await access.stop();
    throw error;
  }
}

/** Tells the story of the demo, which takes some seconds at the first start, and behind all its lines how to sign in: what comes last is read. */
async function welcomed(app: NestFastifyApplication, url: string, password: string): Promise<void> {
  await app.get(DemoFortnight, { strict: false }).create();
  await linesWritten();
  process.stderr.write(welcome(url, password));
}

/**
 * Connections open before workers and probes ask: on a busy machine the first one takes longer than they wait. A database that is not what it
 * should be is told of by readiness, which a server that is up can answer.
 */
async function connected(app: NestFastifyApplication): Promise<void> {
  await app
    .get(DatabaseHealth, { strict: false })
    .state(FIRST_CONNECTION_MS)
    .catch(() => undefined);
}

/** Loaded when it is needed: a replica that does not migrate does not carry the runner in its memory. */
async function migrated(access: DatabaseAccess): Promise<void> {
  if (!access.owner) return;
  const { migrate } = await import('./database/migrating/migrate.js');
  await migrate(access.owner);
}

/** The configured port; outside production the next free one when it is taken, since whoever tries us out may try two. */
async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  for (let port = config.PORT; ;) {
    try {
      await app.listen(port, config.HOST);
      return (await app.getUrl()).replace('[::1]', 'localhost').replace('127.0.0.1', 'localhost');
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken) throw error;
      if (config.production) throw new StartError(`Port ${port} on ${config.HOST} is taken. Set PORT to another one.`);
      port = await firstFreePort(port + 1, config.HOST);
    }
  }
}

function stepsOf(app: NestFastifyApplication, access: DatabaseAccess, config: Config) {
  const log = new Logger('Shutdown');
  return {
    drain: (reason: string) => {
      const state = app.get(DrainState);
      if (!reason.startsWith('SIG')) state.fail(reason);
      state.begin();
    },
    drainDelayMs: config.DRAIN_DELAY_MS,
    close: async () => {
      await app.close();
      await access.stop();
    },
    deadlineMs: config.SHUTDOWN_TIMEOUT_MS,
    say: (level: 'log' | 'fatal', line: string) => {
      log[level](line);
    },
    said: linesWritten,
  };
}
