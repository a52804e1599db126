import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from './config';

/** Injection token of the one Config of the process. */
export const CONFIG = Symbol('Config');

/** Hands the parsed configuration to whoever asks for CONFIG. */
@Module({})
export class ConfigModule {
  static for(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
