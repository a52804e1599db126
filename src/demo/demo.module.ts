import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { DemoService } from './demo.service';

/** The people of the try-out. */
@Module({ imports: [AuthModule], providers: [DemoService] })
export class DemoModule {}
