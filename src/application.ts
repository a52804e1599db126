import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger, PinoLogger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { assertEveryRouteHasAccess } from './auth/route-access';
import type { Config } from './config/config';
import type { DatabaseAccess } from './database/access';
import { migrationNames } from './database/migrating/migration-files';
import { httpAdapter } from './http/server/adapter';
import { configureHttp } from './http/openapi/configure';
import { DrainState } from './http/lifecycle/drain';
import { withQuietInventory } from './http/logging/nest-lines';
import { observeRequests } from './http/server/observe';
import { HttpMetrics } from './metrics/instruments/http-metrics';
import { documentOptions } from './openapi-options';

/** Builds the application as production runs it; tests build theirs with this very function. Does not listen. */
export async function createApplication(config: Config, access: DatabaseAccess): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config, access, migrationNames()),

    httpAdapter(config),
    { bufferLogs: true, bodyParser: false, abortOnError: false },
  );
  app.useLogger(withQuietInventory(app.get(Logger)));
  const fastify = app.getHttpAdapter().getInstance();
  observeRequests(fastify, app.get(HttpMetrics), app.get(DrainState), PinoLogger.root);
  assertEveryRouteHasAccess(app);
  configureHttp(app, config, documentOptions);
  return app;
}
