import { Global, Module } from '@nestjs/common';
import { Cursors } from '../http/paging/cursor';
import { AuthModule } from '../auth/auth.module';
import { SigningKeys } from '../auth/signing-keys';

/** Cursors of lists, signed with a secret that all replicas derive from the same key. */
@Global()
@Module({
  imports: [AuthModule],
  providers: [
    { provide: Cursors, inject: [SigningKeys], useFactory: (keys: SigningKeys) => new Cursors(keys.cursorKey) },
  ],
  exports: [Cursors],
})
export class CursorsModule {}
