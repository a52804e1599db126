import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'nestjs-pino';

/** Where Nest lists what it is made of, two hundred lines at each start: nobody reads them unless something is missing. */
const inventory: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

type Rest = readonly unknown[];

/** The logger for Nest: its inventory of modules and routes is at debug, everything else at the level that it asks for. */
export function withQuietInventory(logger: Logger): LoggerService {
  return {
    log: (message: unknown, ...rest: Rest) => {
      if (inventory.has(rest.at(-1))) logger.debug(message, ...rest);
      else logger.log(message, ...rest);
    },
    error: (message: unknown, ...rest: Rest) => {
      logger.error(message, ...rest);
    },
    warn: (message: unknown, ...rest: Rest) => {
      logger.warn(message, ...rest);
    },
    debug: (message: unknown, ...rest: Rest) => {
      logger.debug(message, ...rest);
    },
    verbose: (message: unknown, ...rest: Rest) => {
      logger.verbose(message, ...rest);
    },
    fatal: (message: unknown, ...rest: Rest) => {
      logger.fatal(message, ...rest);
    },
  };
}
