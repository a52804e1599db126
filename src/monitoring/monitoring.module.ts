import { Module } from '@nestjs/common';
import { MonitoringController } from './monitoring.controller';
import { MonitoringService } from './monitoring.service';

/** What operators may know of the database: how long statements take, how large tables are, who waits. */
@Module({ controllers: [MonitoringController], providers: [MonitoringService] })
export class MonitoringModule {}
