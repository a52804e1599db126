import { Global, Module } from '@nestjs/common';
import { KeyStore } from './key-store';
import { KeyedMutex } from './keyed-mutex';

/** Replay of writes: the table of keys, and a mutex for the requests that share one. */
@Global()
@Module({ providers: [KeyStore, KeyedMutex], exports: [KeyStore, KeyedMutex] })
export class IdempotencyModule {}
