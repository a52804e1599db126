import { Module } from '@nestjs/common';
import { MonitoringController } from './monitoring.controller';
import { MonitoringService } from './monitoring.service';
import { TableSizes } from './table-sizes';

/** What operators may know of the database: how long statements take, how large tables are, who waits. */
@Module({ controllers: [MonitoringController], providers: [MonitoringService, TableSizes] })
export class MonitoringModule {}
