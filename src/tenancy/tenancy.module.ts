import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Tenant } from './tenant.entity';

/** Tenants and their settings. The guard that requires a tenant is listed in app.module.ts, in its order. */
@Module({ imports: [TypeOrmModule.forFeature([Tenant])], exports: [TypeOrmModule] })
export class TenancyModule {}
