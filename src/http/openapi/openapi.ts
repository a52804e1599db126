import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { components } from './components';
import { completeOperation, type Operation, type RouteAccess } from './operation';

/**
 * What only the features know of a route, asked by its handler (and its controller, for metadata that stands on the class):
 * this room renders the answers and knows none of the decorators.
 */
interface RoutePolicies {
  isWrite(handler: object, controller: object): boolean;
  isReplayed(handler: object, controller: object): boolean;
  access(handler: object, controller: object): RouteAccess;
}

export interface OpenApiOptions extends RoutePolicies {
  readonly version: string;
  /** One for each tag in use; those that no operation carries are left out of the document. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

const about = `Every punch stored exactly once, inside one tenant, with evidence.

**Sign in** with \`POST /api/auth/login\`, press *Authorize* and paste the \`token\` of the answer.

**Repeat safely**: a write with an \`Idempotency-Key\` is done once, however often it is sent.

**Errors** are problem details (RFC 9457). Program against \`code\`; show \`detail\` to people; quote \`requestId\` when you
ask for help. A body that is refused names every fault in \`errors\`, each with a JSON pointer.

**Limits** are shown in \`RateLimit\` and \`RateLimit-Policy\`; 429 and 503 say in \`Retry-After\` how many seconds to wait.`;

/** The document of everything that the application serves, built from its routes: what is not in the code is not in it. */
export function buildOpenApi(app: NestFastifyApplication, options: OpenApiOptions): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle('Rollcall')
    .setDescription(about)
    .setVersion(options.version)
    .setOpenAPIVersion('3.0.3')
    .addServer('/', 'this server')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `token` of a sign-in.' },
      'bearer',
    )
    .addSecurityRequirements('bearer')
    .build();
  head.info.license = { name: 'Proprietary' }; // the builder asks for an address, and there is none
  const document = SwaggerModule.createDocument(app, head, { operationIdFactory: operationId });
  const handlers = handlersOf(app);
  const used = new Set<string>();
  for (const [path, item] of Object.entries(document.paths))
    for (const method of methods) {
      const operation: Operation | undefined = item[method];
      if (!operation) continue;
      operation.tags?.forEach((tag) => used.add(tag));
      // One handler at two paths of which only one has the parameter.
      operation.parameters = operation.parameters?.filter(
        (each) => '$ref' in each || each.in !== 'path' || path.includes(`{${each.name}}`),
      );
      const [, name = '', copy] = /^(.*?)(?:\[(\d)\])?$/.exec(operation.operationId ?? '') ?? [];
      // One handler at several paths: the first keeps the name, the others say that they are the same.
      if (copy !== undefined) operation.operationId = copy === '0' ? name : `${name}_alias${copy}`;
      const route = handlers.get(name);
      if (route) completeOperation(operation, { path, method, ...policiesOf(route, options) });
    }
  document.tags = options.tags.filter(({ name }) => used.has(name));
  document.components = { ...document.components, ...components(document.components?.schemas ?? {}) };
  return withoutRedundantPatterns(document);
}

interface Route {
  readonly handler: object;
  readonly controller: object;
}

function policiesOf({ handler, controller }: Route, options: RoutePolicies) {
  return {
    writes: options.isWrite(handler, controller),
    replayed: options.isReplayed(handler, controller),
    access: options.access(handler, controller),
  };
}

/** `PunchesController.create` is `punches_create`: stable, readable in generated clients, and unique. */
function operationId(controller: string, method: string): string {
  const noun = controller.replace(/Controller$/, '');
  return `${noun.charAt(0).toLowerCase()}${noun.slice(1)}_${method}`;
}

function handlersOf(app: NestFastifyApplication): ReadonlyMap<string, Route> {
  const found = new Map<string, Route>();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const members: Record<string, PropertyDescriptor> = Object.getOwnPropertyDescriptors(metatype.prototype);
      for (const [name, member] of Object.entries(members)) {
        const handler: unknown = member.value;
        if (typeof handler === 'function')
          found.set(operationId(metatype.name, name), { handler, controller: metatype });
      }
    }
  return found;
}

/** Zod spells a format out as a pattern of two hundred characters beside `format`, which says the same to people and tools. */
function withoutRedundantPatterns(document: OpenAPIObject): OpenAPIObject {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('format' in value && 'pattern' in value && typeof value.format === 'string') delete value.pattern;
    Object.values(value).forEach(visit);
  };
  visit(document);
  return document;
}
