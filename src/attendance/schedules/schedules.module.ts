import { Module } from '@nestjs/common';
import { ScheduleHorizon } from './horizon.service';
import { InstanceListing } from './instance-listing';
import { ShiftInstancesController } from './shift-instances.controller';
import { Publisher } from './publisher';
import { ScheduleLocks } from './schedule-locks';
import { ScheduleListing } from './schedule-listing';
import { ScheduleFactory } from './schedule-factory';
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
    ScheduleLocks,
    ScheduleFactory,
    SchedulesService,
    ShiftsService,
    ScheduleListing,
    InstanceListing,
    ScheduleHorizon,
  ],
  exports: [ScheduleHorizon],
})
export class SchedulesModule {}
