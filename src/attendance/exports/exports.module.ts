import { Module } from '@nestjs/common';
import { PayPeriodsModule } from '../pay-periods/pay-periods.module';
import { ExportRows } from './export-rows';
import { ExportSlots } from './export-slots';
import { ExportTotals } from './export-totals';
import { ExportsController } from './exports.controller';
import { ExportsService } from './exports.service';

/** Files out: punches, days, exceptions and frozen totals, streamed as they are read. */
@Module({
  imports: [PayPeriodsModule],
  controllers: [ExportsController],
  providers: [ExportsService, ExportRows, ExportTotals, ExportSlots],
})
export class ExportsModule {}
