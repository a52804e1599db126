import { Module } from '@nestjs/common';
import { CalendarModule } from './calendar/calendar.module';
import { CorrectionsModule } from './corrections/corrections.module';
import { DaysModule } from './days/days.module';
import { ExceptionsModule } from './exceptions/exceptions.module';
import { ExportsModule } from './exports/exports.module';
import { ImportsModule } from './imports/imports.module';
import { PayPeriodsModule } from './pay-periods/pay-periods.module';
import { PunchesModule } from './punches/punches.module';
import { SchedulesModule } from './schedules/schedules.module';
import { TerminalsModule } from './terminals/terminals.module';

/** Attendance, in the order of its data: punches come in, days are computed from them, periods are closed, files go out. */
@Module({
  imports: [
    PunchesModule,
    TerminalsModule,
    ImportsModule,
    CalendarModule,
    SchedulesModule,
    DaysModule,
    ExceptionsModule,
    CorrectionsModule,
    PayPeriodsModule,
    ExportsModule,
  ],
})
export class AttendanceModule {}
