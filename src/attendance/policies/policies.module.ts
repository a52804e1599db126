import { Module } from '@nestjs/common';
import { PoliciesController } from './policies.controller';
import { PoliciesRepository } from './policies.repository';
import { PoliciesService } from './policies.service';
import { RulesPreviewController } from './rules-preview.controller';

/** The versions of the rules, and a preview of what they do. */
@Module({
  controllers: [PoliciesController, RulesPreviewController],
  providers: [PoliciesService, PoliciesRepository],
})
export class PoliciesModule {}
