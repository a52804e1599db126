import { Global, Module } from '@nestjs/common';
import { Writes } from './writes';

/** The one path of a write. */
@Global()
@Module({ providers: [Writes], exports: [Writes] })
export class WritesModule {}
