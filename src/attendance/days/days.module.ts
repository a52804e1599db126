import { Module } from '@nestjs/common';
import { SchedulesModule } from '../schedules/schedules.module';
import { ApprovalsController } from './approvals/approvals.controller';
import { ApprovalsService } from './approvals/approvals.service';
import { DayClock } from './day-clock';
import { DayComputer } from './day-computer';
import { DayRebuild } from './day-rebuild';
import { DayListing } from './day-listing';
import { DayWorker } from './day-worker';
import { DaysController } from './days.controller';
import { PresenceBoard } from './presence-board';
import { Summary } from './summary';

/** Work days: their computation from punches, their approval, their totals, and who is in. */
@Module({
  imports: [SchedulesModule],
  controllers: [DaysController, ApprovalsController],
  providers: [DayComputer, DayWorker, DayRebuild, DayClock, DayListing, Summary, PresenceBoard, ApprovalsService],
  exports: [DayWorker, DayClock, DayRebuild],
})
export class DaysModule {}
