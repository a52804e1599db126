import { Module } from '@nestjs/common';
import { CorrectionsModule } from './corrections/corrections.module';
import { DaysModule } from './days/days.module';
import { ExceptionsModule } from './exceptions/exceptions.module';
import { ExportsModule } from './exports/exports.module';
import { HolidaysModule } from './holidays/holidays.module';
import { ImportsModule } from './imports/imports.module';
import { LeaveModule } from './leave/leave.module';
import { PayPeriodsModule } from './pay-periods/pay-periods.module';
import { PoliciesModule } from './policies/policies.module';
import { PunchesModule } from './punches/punches.module';
import { SchedulesModule } from './schedules/schedules.module';
import { TerminalsModule } from './terminals/terminals.module';

/** Attendance, in the order of its data: punches come in, days are computed from them, periods are closed, files go out. */
@Module({
  imports: [
    PunchesModule,
    TerminalsModule,
    ImportsModule,
    PoliciesModule,
    HolidaysModule,
    LeaveModule,
    SchedulesModule,
    DaysModule,
    ExceptionsModule,
    CorrectionsModule,
    PayPeriodsModule,
    ExportsModule,
  ],
})
export class AttendanceModule {}
