import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '../../config/config';
import { serveDocs } from './docs';
import { buildOpenApi, type OpenApiOptions } from './openapi';

/**
 * What the HTTP surface still needs once the modules are known, before `app.init()`. Everything that guards a request is
 * already in the server that httpAdapter() built; here the pages that describe the routes are added to it.
 */
export function configureHttp(app: NestFastifyApplication, config: Config, api?: OpenApiOptions): void {
  if (api) serveDocs(app, () => buildOpenApi(app, api), config);
}
