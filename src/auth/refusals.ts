import { Problem } from '../http/problems/problem';

/** RFC 6750: the challenge that belongs to every 401. */
const challenge = 'Bearer realm="rollcall"';

/** No credentials, or none of a kind that we take: the challenge carries no error code then (RFC 6750, 3.1). */
export function unauthenticated(detail: string): Problem {
  return new Problem('unauthorized', detail, { headers: { 'WWW-Authenticate': challenge } });
}

/** A token that does not admit. The caller learns no reason, or an attacker would learn which check to work on next. */
export function tokenRefused(reason: unknown): Problem {
  return new Problem(
    'unauthorized',
    'The access token is malformed, expired, revoked or not meant for this service. Sign in again.',
    {
      headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token"` },
      cause: typeof reason === 'string' ? new Error(reason) : reason,
    },
  );
}

/** A text that begins like an API key and is none. That says nothing of any key, so it may help whoever typed it. */
export function keyMistyped(): Problem {
  return new Problem(
    'unauthorized',
    'This API key is not whole: a character is missing, added or wrong. Copy it again.',
    {
      headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token"` },
    },
  );
}

/** An API key that does not admit: unknown, revoked, expired, replaced, or of a tenant that is not active. */
export function keyRefused(): Problem {
  return new Problem(
    'unauthorized',
    'This API key is unknown, expired, revoked or replaced. Ask an administrator of your tenant for another one.',
    { headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token"` } },
  );
}

/** Every failed sign-in: unknown address, wrong password, no password, deactivated person or tenant. */
export function signInFailed(): Problem {
  return new Problem('sign_in_failed', 'The address or the password is wrong, or the account is not active.', {
    headers: { 'WWW-Authenticate': challenge },
  });
}

/** Says no more than the remedy: which tenants know the address is nobody's business. */
export function tenantAmbiguous(): Problem {
  return new Problem(
    'tenant_ambiguous',
    'This sign-in fits more than one tenant. Send the short name of yours as "tenant".',
  );
}

export function refreshRefused(code: 'refresh_token_invalid' | 'refresh_token_reused'): Problem {
  const detail =
    code === 'refresh_token_reused'
      ? 'The refresh token was used before. Every token of this sign-in has been revoked; sign in again.'
      : 'The refresh token is malformed, expired or revoked. Sign in again.';
  return new Problem(code, detail, { headers: { 'WWW-Authenticate': challenge } });
}
