import { Global, Module } from '@nestjs/common';
import { KeyStore } from './key-store';
import { Turns } from './turns';

/** Replay of writes: the table of keys, and turns for those who share one. */
@Global()
@Module({ providers: [KeyStore, Turns], exports: [KeyStore, Turns] })
export class IdempotencyModule {}
