import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdjustmentsController } from './adjustments/adjustments.controller';
import { AdjustmentsRepository } from './adjustments/adjustments.repository';
import { AdjustmentsService } from './adjustments/adjustments.service';
import { PayPeriodController } from './closing/pay-period.controller';
import { PeriodClosing } from './closing/closing.service';
import { StoredPayPeriod } from './periods/pay-period.entity';
import { PayPeriodsController } from './periods/pay-periods.controller';
import { PayPeriodsRepository } from './periods/pay-periods.repository';
import { PayPeriodsService } from './periods/pay-periods.service';
import { TotalsRepository } from './totals/totals.repository';
import { TotalsService } from './totals/totals.service';

/** Pay periods: closing them, freezing their totals, and adjustments for late punches. */
@Module({
  imports: [TypeOrmModule.forFeature([StoredPayPeriod])],
  controllers: [PayPeriodsController, PayPeriodController, AdjustmentsController],
  providers: [
    PayPeriodsRepository,
    PayPeriodsService,
    PeriodClosing,
    TotalsRepository,
    TotalsService,
    AdjustmentsRepository,
    AdjustmentsService,
  ],
  exports: [TotalsService],
})
export class PayPeriodsModule {}
