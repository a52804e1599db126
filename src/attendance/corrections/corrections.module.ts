import { Module } from '@nestjs/common';
import { PunchesModule } from '../punches/punches.module';
import { CorrectionsController } from './corrections.controller';
import { CorrectionsRepository } from './corrections.repository';
import { CorrectionsService } from './corrections.service';
import { CorrectionDecisions } from './deciding.service';

/** Corrections: somebody requests a change of a punch, somebody else decides, and an approval changes the punches. */
@Module({
  imports: [PunchesModule],
  controllers: [CorrectionsController],
  providers: [CorrectionsService, CorrectionDecisions, CorrectionsRepository],
})
export class CorrectionsModule {}
