import { z } from 'zod';
import { notBoth } from '../http/input/either';
import { identifier } from '../http/input/identifiers';
import { MAX_PASSWORD_LENGTH } from './passwords';
import { permissions } from './principal';

const exampleToken = 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl';
const exampleRefreshToken = `rcr_${'AZkzF2mUf0SvR1bW'.repeat(5)}AZkzFw`;
const user = {
  id: '01993317-6994-7f44-af47-56d61bd62a10',
  email: 'employee@acme.test',
  name: 'Erin Employee',
  tenant: { id: '01993317-6990-7a02-9d3c-0f5f4c1a2b3d', slug: 'acme', name: 'Acme' },
  roles: ['employee'],
  permissions: ['attendance:read', 'attendance:write'],
};

export const signedInUser = z
  .object({
    id: identifier.describe('also the employeeId of punches and schedules'),
    email: z.string().nullable(),
    name: z.string(),
    tenant: z.object({ id: identifier, slug: z.string(), name: z.string() }),
    roles: z.array(z.string()).describe('role templates'),
    permissions: z.array(z.enum(permissions)).describe('what the roles allow'),
  })
  .meta({ id: 'SignedInUser', example: user });
export type SignedInUser = z.output<typeof signedInUser>;

export const signIn = z
  .strictObject({
    email: z
      .string()
      .max(320)
      .trim()
      .toLowerCase()
      // Anything printable on both sides of one @: whether the address exists is not for a pattern to say.
      .regex(/^[!-?A-~\u00a1-\uffff]+@[!-?A-~\u00a1-\uffff]+$/, 'is not an e-mail address'),
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
    tenant: z
      .string()
      .toLowerCase()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not the short name of a tenant')
      .optional()
      .describe('short name of the tenant; needed when the address and the password fit in several'),
  })
  .meta({ id: 'SignIn', example: { email: 'employee@acme.test', password: 'correct horse battery', tenant: 'acme' } });
export type SignIn = z.output<typeof signIn>;

const opaque = z.string().min(1).max(8192);

export const refreshTokenBody = z
  // Whatever is no refresh token is refused as one that does not admit (401), not as a typing error.
  .strictObject({
    refreshToken: opaque.optional().describe('opaque; as the last answer gave it'),
    token: opaque.optional().describe('another name for refreshToken; an access token does not do'),
  })
  .refine(({ refreshToken, token }) => refreshToken !== undefined || token !== undefined, {
    path: ['refreshToken'],
    message: 'is required',
    params: { code: 'required' },
  })
  .refine(...notBoth('refreshToken', 'token'))
  .meta({ id: 'RefreshToken', example: { refreshToken: exampleRefreshToken } });
export type RefreshTokenBody = z.output<typeof refreshTokenBody>;

export const session = z
  .object({
    token: z.string().describe('access token: send it as "Authorization: Bearer ..."'),
    refreshToken: z.string().describe('good for one use; the answer to it holds the next one'),
    expiresIn: z.int().min(1).max(86_400).describe('seconds until the access token expires'),
    user: signedInUser,
  })
  .meta({ id: 'Session', example: { token: exampleToken, refreshToken: exampleRefreshToken, expiresIn: 900, user } });
export type Session = z.output<typeof session>;
