import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { onSendHookHandler } from 'fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Config } from '../../config/config';
import { docsStyle } from './docs.style';

/**
 * Swagger UI at /docs, the document at /openapi.json, and the address that other products have at /api-docs. Everything
 * comes from this server: the page works in a closed network, and its policy allows no foreign and no inline script. The
 * document is built when it is first asked for, which most processes never are.
 */
export function serveDocs(app: NestFastifyApplication, document: () => OpenAPIObject, config: Config): void {
  if (!config.SHOW_DOCS) return;
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.onSend = nameCharset;
  });
  SwaggerModule.setup('docs', app, document, {
    customSiteTitle: 'Rollcall API',
    customCss: docsStyle,
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    swaggerOptions: {
      persistAuthorization: true,
      tryItOutEnabled: true,
      tagsSorter: 'alpha',
      docExpansion: 'list',
      filter: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
    },
  });
  server.get('/api-docs', (_request, reply) => reply.redirect('/docs', 308));
}

/** Swagger's own pages leave the charset to the guess of the browser. */
const nameCharset: onSendHookHandler = (_request, reply, payload, done) => {
  const type = reply.getHeader('content-type');
  if (type === 'text/html' || type === 'application/javascript') reply.header('content-type', `${type}; charset=utf-8`);
  done(null, payload);
};
