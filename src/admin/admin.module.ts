import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module';
import { RateLimitModule } from '../rate-limit/rate-limit.module';
import { TenancyModule } from '../tenancy/tenancy.module';
import { ApiKey } from './api-keys/api-key.entity';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { KeptKeysRepository } from './api-keys/api-keys.repository';
import { ApiKeysService } from './api-keys/api-keys.service';
import { UserFinder } from './roles/user-finder';
import { RoleAssignmentsRepository } from './roles/role-assignments.repository';
import { RoleAssignmentsService } from './roles/role-assignments.service';
import { CustomRole } from './roles/custom/custom-role.entity';
import { CustomRolesController } from './roles/custom/custom-roles.controller';
import { CustomRolesRepository } from './roles/custom/custom-roles.repository';
import { CustomRolesService } from './roles/custom/custom-roles.service';
import { KnownRoles } from './roles/known-roles';
import { RoleAssigner } from './roles/role-assigner';
import { RoleBatchesRepository } from './roles/role-batches.repository';
import { RoleBatchesService } from './roles/role-batches.service';
import { RolesController } from './roles/roles.controller';
import { SettingsController } from './settings/settings.controller';
import { SettingsService } from './settings/settings.service';
import { TenantsController } from './tenants/tenants.controller';
import { TenantsRepository } from './tenants/tenants.repository';
import { TenantsService } from './tenants/tenants.service';
import { UserListing } from './users/user-listing';
import { UsersController } from './users/users.controller';
import { UsersRepository } from './users/users.repository';
import { UsersService } from './users/users.service';

/** Administration: the people of a tenant and their roles, its settings and API keys, and the tenants themselves. */
@Module({
  imports: [TypeOrmModule.forFeature([ApiKey, CustomRole]), AuthModule, RateLimitModule, TenancyModule],
  controllers: [
    UsersController,
    RolesController,
    CustomRolesController,
    SettingsController,
    TenantsController,
    ApiKeysController,
  ],
  providers: [
    ApiKeysService,
    KeptKeysRepository,
    UserFinder,
    CustomRolesRepository,
    CustomRolesService,
    KnownRoles,
    RoleAssigner,
    RoleAssignmentsRepository,
    RoleAssignmentsService,
    RoleBatchesRepository,
    RoleBatchesService,
    SettingsService,
    TenantsRepository,
    TenantsService,
    UserListing,
    UsersRepository,
    UsersService,
  ],
})
export class AdminModule {}
