import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import type { Config } from './config/config';
import type { DatabaseAccess } from './database/access';
import { migrationNames } from './database/migration-files';
import { httpAdapter } from './http/adapter';
import { configureHttp } from './http/configure';
import { documentOptions } from './openapi-options';

/** Builds the application as production runs it; tests build theirs with this very function. Does not listen. */
export async function createApplication(config: Config, access: DatabaseAccess): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config, access, await migrationNames()),
    httpAdapter(config),
    { bufferLogs: true, bodyParser: false, abortOnError: false },
  );
  app.useLogger(app.get(Logger));
  configureHttp(app, config, documentOptions);

  return app;
}
