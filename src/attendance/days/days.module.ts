import { Module } from '@nestjs/common';
import { SchedulesModule } from '../schedules/schedules.module';
import { DayClock } from './day-clock';
import { DayComputer } from './day-computer';
import { DayRebuild } from './day-rebuild';
import { DayListing } from './day-listing';
import { DayWorker } from './day-worker';
import { DaysController } from './days.controller';
import { PresenceBoard } from './presence-board';
import { Summary } from './summary';

/** What the punches come to: days computed in their wake, their sums, and who is in. */
@Module({
  imports: [SchedulesModule],
  controllers: [DaysController],
  providers: [DayComputer, DayWorker, DayRebuild, DayClock, DayListing, Summary, PresenceBoard],
  exports: [DayWorker, DayClock, DayRebuild],
})
export class DaysModule {}
