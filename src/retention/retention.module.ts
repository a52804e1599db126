import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { RetentionSchedule } from './retention.schedule';
import { RetentionService } from './retention.service';

/** Deletion by schedule. Import the service's module alone (RetentionServiceModule) to run it by hand. */
@Module({ providers: [RetentionService], exports: [RetentionService] })
class RetentionServiceModule {}

@Module({
  imports: [ScheduleModule.forRoot(), RetentionServiceModule],
  providers: [RetentionSchedule],
  exports: [RetentionServiceModule],
})
export class RetentionModule {}
