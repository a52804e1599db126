import { SetMetadata } from '@nestjs/common';

export const NO_REPLAY = 'rollcall:no-replay';

/** Takes a write route out of replay, with the reason why repeating it is safe or wanted; for sign-ins and the like. */
export const NoReplay = (reason: string) => SetMetadata(NO_REPLAY, reason);
