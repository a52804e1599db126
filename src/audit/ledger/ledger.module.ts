import { Global, Module } from '@nestjs/common';
import { ExportEvidence } from './export-evidence';
import { Ledger } from './ledger';
import { PartitionHorizon } from './partition-horizon';

/** The ledger of changes. Each entry is written in the transaction of its change. */
@Global()
@Module({ providers: [Ledger, ExportEvidence, PartitionHorizon], exports: [Ledger, ExportEvidence] })
export class LedgerModule {}
