import { Reflector } from '@nestjs/core';

/**
 * Limits a route or a controller to the networks in the tenant's settings, though employees may call it as well. What they may
 * not is limited without it: see IpRulesGuard.
 */
export const IpRestricted = Reflector.createDecorator<boolean>({
  key: 'rollcall:ip-restricted',
  transform: () => true,
});
