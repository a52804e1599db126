import { Module } from '@nestjs/common';
import { PunchListing } from './punch-listing';
import { PunchesController } from './punches.controller';
import { PunchesRepository } from './punches.repository';
import { PunchesService } from './punches.service';
import { QuarantineController } from './quarantine.controller';
import { QuarantineService } from './quarantine.service';
import { PunchRecorder } from './recorder';

/** Punches: recording them exactly once, reading, correcting and deleting them, deciding about those reported too late. */
@Module({
  controllers: [PunchesController, QuarantineController],
  providers: [PunchRecorder, PunchesRepository, PunchesService, PunchListing, QuarantineService],
  exports: [PunchesRepository, PunchRecorder],
})
export class PunchesModule {}
