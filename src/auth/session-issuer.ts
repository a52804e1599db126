import { Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens';
import type { Session, SignedInUser } from './auth.schemas';
import type { Person } from './principals.repository';
import { writeRefreshToken, type RefreshToken } from './refresh-token';

/** A person as they see themselves. */
export function signedInUserOf({ principal, tenantName }: Person): SignedInUser {
  const { userId, email, name, tenantId, tenantSlug, roles, permissions } = principal;
  return {
    id: userId,
    email,
    name,
    tenant: { id: tenantId, slug: tenantSlug, name: tenantName },
    roles: [...roles],
    permissions: [...permissions],
  };
}

/** Turns a committed sign-in or refresh into what the client gets. */
@Injectable()
export class SessionIssuer {
  constructor(private readonly tokens: AccessTokens) {}

  async open(person: Person, refreshToken: RefreshToken): Promise<Session> {
    const { token, expiresIn } = await this.tokens.issue(person.principal);
    return { token, refreshToken: writeRefreshToken(refreshToken), expiresIn, user: signedInUserOf(person) };
  }
}
