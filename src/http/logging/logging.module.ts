import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Config } from '../../config/config';
import { createLogger } from './logger';

/** Nest's own lines and ours go through one logger. The request line is written by observe.ts, not by a middleware. */
@Module({})
export class LoggingModule {
  static for(config: Config): DynamicModule {
    return {
      module: LoggingModule,
      imports: [
        LoggerModule.forRoot({ pinoHttp: { logger: createLogger(config), autoLogging: false }, forRoutes: [] }),
      ],
      exports: [LoggerModule],
    };
  }
}
