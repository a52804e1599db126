import { Global, Module } from '@nestjs/common';
import { Ledger } from './ledger';
import { PartitionHorizon } from './partition-horizon';

/** The ledger of changes, which whoever changes something writes with the change. */
@Global()
@Module({ providers: [Ledger, PartitionHorizon], exports: [Ledger] })
export class LedgerModule {}
