import { Global, Module } from '@nestjs/common';
import { AuditExports } from './audit-export';
import { AuditListing } from './audit-listing';
import { AuditLogsController } from './audit-logs.controller';
import { AuditSearchController } from './audit-search.controller';
import { Ledger } from './ledger';
import { LedgerReader } from './ledger-reader';
import { PartitionHorizon } from './partition-horizon';
import { RequestTrail } from './request-trail';
import { RequestTrailController } from './request-trail.controller';
import { TrailRepository } from './trail.repository';

/** The two trails: the ledger of changes, written with them, and the trail of calls, written after them. Both are read here. */
@Global()
@Module({
  controllers: [AuditLogsController, AuditSearchController, RequestTrailController],
  providers: [Ledger, LedgerReader, AuditListing, AuditExports, TrailRepository, RequestTrail, PartitionHorizon],
  exports: [Ledger, RequestTrail],
})
export class AuditModule {}
