import { Module } from '@nestjs/common';
import { PunchListing } from './punch-listing';
import { PunchesController } from './punches.controller';
import { PunchesRepository } from './punches.repository';
import { PunchesService } from './punches.service';
import { PunchRecorder } from './recorder';

/** Punches: recording them exactly once, reading, correcting and deleting them. */
@Module({
  controllers: [PunchesController],
  providers: [PunchRecorder, PunchesRepository, PunchesService, PunchListing],
})
export class PunchesModule {}
