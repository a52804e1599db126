import { Module } from '@nestjs/common';
import { PunchesModule } from '../punches/punches.module';
import { RateLimitModule } from '../../rate-limit/rate-limit.module';
import { DevicesController } from './devices.controller';
import { DevicesRepository } from './devices.repository';
import { DevicesService } from './devices.service';
import { Unclaimed } from './unclaimed';
import { UnclaimedController } from './unclaimed.controller';

/** Terminals at the door: who they are, whose PIN is whose, and the protocol that they speak. */
@Module({
  imports: [PunchesModule, RateLimitModule],
  controllers: [UnclaimedController, DevicesController],
  providers: [DevicesRepository, DevicesService, Unclaimed],
})
export class TerminalsModule {}
