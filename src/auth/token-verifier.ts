import { Injectable } from '@nestjs/common';
import { AccessTokens, type Identity } from './access-tokens';
import { ExternalIssuers } from './external-issuers';
import { tokenRefused } from './refusals';
import { readStrictly, type UnverifiedToken } from './strict-jws';

/** Our own tokens and those of the issuers we trust, behind one door. */
@Injectable()
export class TokenVerifier {
  constructor(
    private readonly own: AccessTokens,
    private readonly external: ExternalIssuers,
  ) {}

  /** Synchronous: the identity of a token that has been verified before and still holds. */
  peek(token: string): Identity | undefined {
    return this.own.peek(token) ?? this.external.peek(token);
  }

  async verify(token: string): Promise<Identity> {
    let read: UnverifiedToken;
    try {
      read = readStrictly(token);
    } catch (error) {
      throw tokenRefused(error);
    }
    return this.external.knows(read.claims.iss) ? this.external.verify(read) : this.own.verify(token, read);
  }
}
