import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { StoredUser } from '../people/user.entity';
import { LeaveController } from './leave.controller';
import { Leave } from './leave.entity';
import { LeaveRepository } from './leave.repository';
import { LeaveService } from './leave.service';

/** Days and hours on which somebody is away with permission. */
@Module({
  imports: [TypeOrmModule.forFeature([Leave, StoredUser])],
  controllers: [LeaveController],
  providers: [LeaveService, LeaveRepository],
})
export class LeaveModule {}
