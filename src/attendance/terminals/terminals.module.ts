import { Module } from '@nestjs/common';
import { PunchesModule } from '../punches/punches.module';
import { RateLimitModule } from '../../rate-limit/rate-limit.module';
import { AddressHolders } from './address-holders';
import { DeviceHealth } from './device-health';
import { DevicesController } from './devices.controller';
import { DevicesRepository } from './devices.repository';
import { DevicesService } from './devices.service';
import { PinOwners } from './pin-owners';
import { PinsController } from './pins.controller';
import { PinsRepository } from './pins.repository';
import { PinsService } from './pins.service';
import { RejectsController } from './rejects.controller';
import { RejectsRepository } from './rejects.repository';
import { RejectsService } from './rejects.service';
import { SerialAlone } from './serial-alone';
import { SerialDisputes } from './serial-disputes';
import { SerialDisputesController } from './serial-disputes.controller';
import { TerminalController } from './terminal.controller';
import { DeviceAuthentication } from './device-authentication';
import { TerminalWatch } from './terminal-watch';
import { AnnouncedOffsets } from './announced-offsets';
import { Unclaimed } from './unclaimed';
import { UnclaimedController } from './unclaimed.controller';
import { UnreadTables } from './unread-tables';
import { Uploads } from './uploads';

/** Terminals at the door: who they are, whose PIN is whose, and the protocol that they speak. */
@Module({
  imports: [PunchesModule, RateLimitModule],
  controllers: [
    TerminalController,
    UnclaimedController,
    RejectsController,
    PinsController,
    DevicesController,
    SerialDisputesController,
  ],
  providers: [
    AddressHolders,
    DevicesRepository,
    DevicesService,
    DeviceHealth,
    PinOwners,
    PinsRepository,
    PinsService,
    RejectsRepository,
    RejectsService,
    SerialAlone,
    SerialDisputes,
    DeviceAuthentication,
    TerminalWatch,
    AnnouncedOffsets,
    Unclaimed,
    UnreadTables,
    Uploads,
  ],
})
export class TerminalsModule {}
