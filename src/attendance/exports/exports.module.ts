import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../../auth/auth.module';
import { PayPeriodsModule } from '../pay-periods/pay-periods.module';
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
import { ExportLayout } from './layouts/layout.entity';
import { LayoutFile } from './layouts/layout-file';
import { LayoutsController } from './layouts/layouts.controller';
import { LayoutsRepository } from './layouts/layouts.repository';
import { LayoutsService } from './layouts/layouts.service';

/** Files out: punches, days, exceptions and frozen totals, streamed as they are read or made into files to be fetched. */
@Module({
  imports: [AuthModule, PayPeriodsModule, TypeOrmModule.forFeature([ExportLayout])],
  controllers: [LayoutsController, ExportJobsController, ExportsController],
  providers: [
    ExportsService,
    ExportRows,
    ExportTotals,
    ExportSlots,
    LayoutsService,
    LayoutsRepository,
    LayoutFile,
    ExportJobsService,
    ExportJobsRepository,
    ExportWorker,
    DownloadLinks,
  ],
})
export class ExportsModule {}
