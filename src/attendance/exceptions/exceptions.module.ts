import { Module } from '@nestjs/common';
import { ExceptionListing } from './exception-listing';
import { ExceptionsController } from './exceptions.controller';
import { ExceptionsRepository } from './exceptions.repository';
import { ExceptionsService } from './exceptions.service';

/** What is odd about a day, and what somebody decided about it. */
@Module({
  controllers: [ExceptionsController],
  providers: [ExceptionsRepository, ExceptionsService, ExceptionListing],
})
export class ExceptionsModule {}
