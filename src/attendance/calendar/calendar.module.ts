import { Module } from '@nestjs/common';
import { HolidaysController } from './holidays.controller';
import { HolidaysRepository } from './holidays.repository';
import { HolidaysService } from './holidays.service';
import { LeaveController } from './leave.controller';
import { LeaveRepository } from './leave.repository';
import { LeaveService } from './leave.service';
import { PoliciesController } from './policies.controller';
import { PoliciesRepository } from './policies.repository';
import { PoliciesService } from './policies.service';
import { RulesPreviewController } from './rules-preview.controller';

/** What decides about a day besides punches and shifts: holidays, leave, and the versions of the rules. */
@Module({
  controllers: [HolidaysController, LeaveController, PoliciesController, RulesPreviewController],
  providers: [HolidaysService, HolidaysRepository, LeaveService, LeaveRepository, PoliciesService, PoliciesRepository],
})
export class CalendarModule {}
