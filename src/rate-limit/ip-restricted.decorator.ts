import { Reflector } from '@nestjs/core';

/** Limits a route or a controller to the networks in the tenant's settings: import, export and administration. */
export const IpRestricted = Reflector.createDecorator<boolean>({
  key: 'rollcall:ip-restricted',
  transform: () => true,
});
