import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Tenant } from './tenant.entity';

/** What a tenant is. The guard that refuses to run without one stands in app.module.ts, in its order. */
@Module({ imports: [TypeOrmModule.forFeature([Tenant])], exports: [TypeOrmModule] })
export class TenancyModule {}
