import { Module } from '@nestjs/common';
import { ApprovalsController } from './approvals.controller';
import { ApprovalsService } from './approvals.service';
import { ExceptionListing } from './exception-listing';
import { ExceptionsController } from './exceptions.controller';
import { ExceptionsRepository } from './exceptions.repository';
import { ExceptionsService } from './exceptions.service';

/** What is odd about a day, what somebody decided about it, and the approval of the day itself. */
@Module({
  controllers: [ExceptionsController, ApprovalsController],
  providers: [ExceptionsRepository, ExceptionsService, ExceptionListing, ApprovalsService],
})
export class ExceptionsModule {}
