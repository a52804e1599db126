import { createHash, randomBytes } from 'node:crypto';

/** The secret in the address that a terminal calls. 32 characters that need no escaping and no typing twice. */
export const newSecret = (): string => randomBytes(24).toString('base64url');

/** As it is stored. */
export const secretHash = (secret: string): string => `\\x${createHash('sha256').update(secret).digest('hex')}`;

/** The path that stands before `/cdata` in the terminal's server address. */
export const addressOf = (secret: string): string => `/iclock/${secret}`;
