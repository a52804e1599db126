import { Module } from '@nestjs/common';
import { ScheduleHorizon } from './horizon.service';
import { InstanceListing } from './instance-listing';
import { ShiftInstancesController } from './shift-instances.controller';
import { Publisher } from './publisher';
import { ScheduleKeeper } from './schedule-keeper';
import { ScheduleListing } from './schedule-listing';
import { ScheduleMaker } from './schedule-maker';
import { SchedulesController } from './schedules.controller';
import { SchedulesRepository } from './schedules.repository';
import { SchedulesService } from './schedules.service';
import { ShiftsController } from './shifts.controller';
import { ShiftsRepository } from './shifts.repository';
import { ShiftsService } from './shifts.service';

/** Who is to work when: schedules, their shifts, and the instants that publishing gives them. */
@Module({
  controllers: [SchedulesController, ShiftsController, ShiftInstancesController],
  providers: [
    SchedulesRepository,
    ShiftsRepository,
    Publisher,
    ScheduleKeeper,
    ScheduleMaker,
    SchedulesService,
    ShiftsService,
    ScheduleListing,
    InstanceListing,
    ScheduleHorizon,
  ],
  exports: [ScheduleHorizon],
})
export class SchedulesModule {}
