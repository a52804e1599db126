import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { validationFailed } from '../http/input/schema.pipe';

/** Length is what guessing cannot buy off (NIST SP 800-63B, 3.1.1.2); there are no rules about kinds of characters. */
const SHORTEST = 12;

/** What a password that somebody chooses has to be like. Fields of a body are held to 8 characters before they come here. */
@Injectable()
export class PasswordPolicy {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Refuses a weak password; all but one account is held to it, see GATE_ACCOUNT. `pointer` names the field. */
  mustBeStrong(password: string, email: string | undefined, pointer: string): void {
    if (password.length >= SHORTEST || (email !== undefined && email === this.config.GATE_ACCOUNT)) return;
    const detail = `must be at least ${SHORTEST} characters long; some words in a row are easy to remember`;
    throw validationFailed([{ pointer, code: 'too_small', detail }]);
  }
}
