import type { FastifyRequest } from 'fastify';
import type { Problem } from '../http/problems/problem';
import { tokenRefused, unauthenticated } from './refusals';

/** The bearer token of a request, or the refusal it deserves. */
export function bearerOf(request: FastifyRequest): string | Problem {
  const { authorization } = request.headers;
  if (authorization === undefined)
    return unauthenticated('This needs an access token: send "Authorization: Bearer ...".');
  if (countAuthorization(request.raw.rawHeaders) > 1) return tokenRefused('more than one Authorization header');
  const space = authorization.indexOf(' ');
  const scheme = space < 0 ? authorization : authorization.slice(0, space);
  if (scheme.length !== 6 || scheme.toLowerCase() !== 'bearer')
    return unauthenticated('Only bearer tokens are taken here.');
  const token = space < 0 ? '' : authorization.slice(space + 1).trim();
  return token === '' ? unauthenticated('The Authorization header holds no token.') : token;
}

/** Node keeps the first of several Authorization headers and drops the others; a proxy may keep the last. So we count. */
function countAuthorization(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') count++;
  }
  return count;
}
