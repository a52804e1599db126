import { Global, Module } from '@nestjs/common';
import { DrainState } from './drain';

/** Whether this process serves, drains or has to go. */
@Global()
@Module({ providers: [DrainState], exports: [DrainState] })
export class LifecycleModule {}
