import { Module } from '@nestjs/common';
import { HolidaysController } from './holidays.controller';
import { HolidaysRepository } from './holidays.repository';
import { HolidaysService } from './holidays.service';

/** Days on which nobody has to work, or work is paid otherwise. */
@Module({
  controllers: [HolidaysController],
  providers: [HolidaysService, HolidaysRepository],
})
export class HolidaysModule {}
