import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PoliciesController } from './policies.controller';
import { PoliciesRepository } from './policies.repository';
import { PoliciesService } from './policies.service';
import { StoredPolicy } from './policy.entity';
import { RulesPreviewController } from './rules-preview.controller';

/** The versions of the rules, and a preview of what they do. */
@Module({
  imports: [TypeOrmModule.forFeature([StoredPolicy])],
  controllers: [PoliciesController, RulesPreviewController],
  providers: [PoliciesService, PoliciesRepository],
})
export class PoliciesModule {}
