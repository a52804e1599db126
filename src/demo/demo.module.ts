import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { DaysModule } from '../attendance/days/days.module';
import { DemoClient } from './demo-client';
import { DemoFortnight } from './demo-fortnight';
import { DemoService } from './demo.service';

/** The people of the try-out, and what they did lately. */
@Module({ imports: [AuthModule, DaysModule], providers: [DemoService, DemoClient, DemoFortnight] })
export class DemoModule {}
