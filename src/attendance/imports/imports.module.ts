import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BatchListing } from './batches/batch-listing';
import { BatchesController } from './batches.controller';
import { BatchesRepository } from './batches/batches.repository';
import { CommitTokens } from './requests/commit-token';
import { CommitService } from './requests/commit.service';
import { ErrorFile } from './error-file/error-file.service';
import { ImportFiles } from './files/import-files';
import { ImportLoader } from './jobs/import-loader';
import { ImportRollback } from './jobs/import-rollback';
import { ImportWorker } from './jobs/import-worker';
import { ImportsController } from './imports.controller';
import { PreviewService } from './requests/preview.service';
import { ImportProfile } from './profiles/profile.entity';
import { ProfileChoice } from './profiles/profile-choice';
import { ProfilesController } from './profiles/profiles.controller';
import { ProfilesRepository } from './profiles/profiles.repository';
import { ProfilesService } from './profiles/profiles.service';
import { RollbackService } from './requests/rollback.service';
import { ImportSources } from './files/sources';
import { UploadService } from './requests/upload.service';

/** Imports of files: previewed, loaded as batches, rolled back as a whole. */
@Module({
  imports: [TypeOrmModule.forFeature([ImportProfile])],
  controllers: [ImportsController, BatchesController, ProfilesController],
  providers: [
    ImportFiles,
    ImportSources,
    ProfileChoice,
    ProfilesRepository,
    ProfilesService,
    CommitTokens,
    PreviewService,
    UploadService,
    CommitService,
    RollbackService,
    BatchesRepository,
    BatchListing,
    ErrorFile,
    ImportLoader,
    ImportRollback,
    ImportWorker,
  ],
})
export class ImportsModule {}
