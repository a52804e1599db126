import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module';
import { PayPeriodsModule } from '../pay-periods/pay-periods.module';
import { ExportEvidence } from './export-evidence';
import { ExportRows } from './export-rows';
import { ExportSlots } from './export-slots';
import { ExportTotals } from './export-totals';
import { ExportsController } from './exports.controller';
import { ExportsService } from './exports.service';
import { DownloadLinks } from './jobs/download-link';
import { ExportJobsController } from './jobs/export-jobs.controller';
import { ExportJobsRepository } from './jobs/export-jobs.repository';
import { ExportJobsService } from './jobs/export-jobs.service';
import { ExportWorker } from './jobs/export-worker';

/** Files out: punches, days, exceptions and frozen totals, streamed as they are read or made into files to be fetched. */
@Module({
  imports: [AuthModule, PayPeriodsModule],
  controllers: [ExportJobsController, ExportsController],
  providers: [
    ExportsService,
    ExportRows,
    ExportTotals,
    ExportSlots,
    ExportEvidence,
    ExportJobsService,
    ExportJobsRepository,
    ExportWorker,
    DownloadLinks,
  ],
})
export class ExportsModule {}
