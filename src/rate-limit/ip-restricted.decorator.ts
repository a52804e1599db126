import { SetMetadata, UseGuards, applyDecorators } from '@nestjs/common';
import { IpRulesGuard } from './ip-rules.guard';

export const IP_RESTRICTED = 'rollcall:ip-restricted';

/**
 * Limits a route or a controller to the networks of the tenant: import, export and administration. It brings its guard
 * along, which therefore runs after authentication, and costs routes without it nothing.
 */
export const IpRestricted = () => applyDecorators(SetMetadata(IP_RESTRICTED, true), UseGuards(IpRulesGuard));
