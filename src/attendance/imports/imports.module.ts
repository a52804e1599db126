import { Module } from '@nestjs/common';
import { BatchListing } from './batch-listing';
import { BatchesController } from './batches.controller';
import { BatchesRepository } from './batches.repository';
import { CommitTokens } from './commit-token';
import { CommitService } from './commit.service';
import { ErrorFile } from './error-file/error-file.service';
import { ImportFiles } from './import-files';
import { ImportLoader } from './import-loader';
import { ImportUndoer } from './import-undoer';
import { ImportWorker } from './import-worker';
import { ImportsController } from './imports.controller';
import { PreviewService } from './preview.service';
import { ProfileChoice } from './profiles/profile-choice';
import { ProfilesController } from './profiles/profiles.controller';
import { ProfilesRepository } from './profiles/profiles.repository';
import { ProfilesService } from './profiles/profiles.service';
import { RollbackService } from './rollback.service';
import { Sources } from './sources';
import { UploadService } from './upload.service';

/** Files in: looked at first, loaded in sets, undone as a whole. */
@Module({
  controllers: [ImportsController, BatchesController, ProfilesController],
  providers: [
    ImportFiles,
    Sources,
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
    ImportUndoer,
    ImportWorker,
  ],
})
export class ImportsModule {}
