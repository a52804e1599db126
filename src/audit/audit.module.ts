import { Global, Module } from '@nestjs/common';
import { AuditExports } from './reading/audit-export';
import { AuditListing } from './reading/audit-listing';
import { AuditLogsController } from './reading/audit-logs.controller';
import { Companions } from './reading/companions';
import { AuditSearchController } from './reading/audit-search.controller';
import { LedgerReader } from './reading/ledger-reader';
import { RequestTrail } from './trail/request-trail';
import { RequestTrailController } from './trail/request-trail.controller';
import { TrailRepository } from './trail/trail.repository';

/** The two trails: the ledger of changes, written with them (`ledger/`), and the trail of calls, written after them. Both are read here. */
@Global()
@Module({
  controllers: [AuditLogsController, AuditSearchController, RequestTrailController],
  providers: [LedgerReader, Companions, AuditListing, AuditExports, TrailRepository, RequestTrail],
  exports: [RequestTrail],
})
export class AuditModule {}
