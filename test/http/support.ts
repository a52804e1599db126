import {
  Body,
  Controller,
  Delete,
  Get,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { connect, type AddressInfo } from 'node:net';
import { z } from 'zod';
import { type Config, loadConfig } from '../../src/config/config';
import { httpAdapter } from '../../src/http/server/adapter';
import { configureHttp } from '../../src/http/openapi/configure';
import { idParam } from '../../src/http/input/id.pipe';
import { connectionTimeouts, type ConnectionTimeouts } from '../../src/http/request/limits';
import { Problem, notFound } from '../../src/http/problems/problem';
import { ProblemFilter } from '../../src/http/problems/problem.filter';
import { Produces } from '../../src/http/routes/produces.decorator';
import { clientAddress } from '../../src/http/request/request-target';
import { SchemaPipe } from '../../src/http/input/schema.pipe';
import { PATIENCE_MS } from '../support/until';

const punch = z.strictObject({
  employeeId: z.uuid(),
  type: z.enum(['in', 'out']),
  note: z.string().max(5).optional(),
  count: z.int().min(1).optional(),
  extra: z.json().optional(),
});
const batch = z.strictObject({ punches: z.array(punch).min(1) });
const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50), q: z.string().optional() });

/** A few routes with nothing behind them: what is tested is what stands before and after a handler. */
@Controller()
export class SurfaceController {
  static release: () => void = () => undefined;

  @Get('health')
  health() {
    return { status: 'ok' };
  }

  @Get('api/punches')
  list(@Query({ schema: page }) query: z.output<typeof page>) {
    return query;
  }

  @Post('api/punches')
  create(@Body({ schema: punch }) body: z.output<typeof punch>) {
    return body;
  }

  @Post('api/punches/batch')
  createAll(@Body({ schema: batch }) body: z.output<typeof batch>) {
    return body;
  }

  @Get('api/punches/:id')
  read(@Param('id', idParam('punch')) id: string) {
    throw id.endsWith('0') ? notFound('punch') : new Error(`secret of ${id}`);
  }

  @Delete('api/punches/:id')
  remove(@Param('id', idParam('punch')) id: string, @Body() body: unknown) {
    return { id, body: body ?? null };
  }

  @Post('api/logout')
  logout() {
    return { done: true };
  }

  @Post('api/echo')
  echo(@Body() body: unknown) {
    return { body };
  }

  @Get('api/private')
  private() {
    throw new Problem('unauthorized', 'Sign in.');
  }

  @Get('api/export')
  @Produces('text/csv', 'application/json')
  export(@Res() reply: FastifyReply) {
    void reply.type('text/csv; charset=utf-8').send('a,b\n');
  }

  @Get('api/whoami')
  whoami(@Req() request: FastifyRequest) {
    return clientAddress(request);
  }

  @Get('api/through-middleware')
  throughMiddleware() {
    return {};
  }

  @Get('api/slow')
  async slow() {
    await new Promise<void>((resolve) => (SurfaceController.release = resolve));
    return { done: true };
  }
}

@Module({
  controllers: [SurfaceController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: SchemaPipe },
  ],
})
class SurfaceModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    const fail = () => {
      throw new Problem('conflict', 'A middleware says no.');
    };
    consumer.apply(fail).forRoutes('api/through-middleware');
  }
}

export interface Surface {
  readonly app: NestFastifyApplication;
  readonly port: number;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Posts a body as it is, as JSON unless `headers` say otherwise. */
  post(path: string, body?: NonNullable<RequestInit['body']>, headers?: Record<string, string>): Promise<Response>;
  /** Sends bytes as they are and answers everything that comes back until the server closes, or until it is `enough`. */
  raw(bytes: string, enough?: RegExp): Promise<{ text: string; closed: boolean }>;
  close(): Promise<void>;
}

/** The surface on a free port, under a configuration like that of a real process. */
export async function startSurface(
  env: Record<string, string> = {},
  timeouts: Partial<ConnectionTimeouts> = {},
): Promise<Surface> {
  const config: Config = {
    ...loadConfig({ NODE_ENV: 'test', SHOW_DOCS: 'off', ...env }),
    production: env.PRODUCTION === 'on',
  };
  const adapter = httpAdapter(config, { ...connectionTimeouts, ...timeouts });
  const app = await NestFactory.create<NestFastifyApplication>(SurfaceModule, adapter, {
    logger: false,
    abortOnError: false,
  });
  configureHttp(app, config, {
    version: '1.2.3',
    tags: [{ name: 'Surface', description: 'Routes of the test.' }],
    isWrite: (handler) => handler === SurfaceController.prototype.create,
    isReplayed: (handler) => handler === SurfaceController.prototype.create,
    access: (handler) =>
      handler === SurfaceController.prototype.health
        ? { kind: 'public' }
        : { kind: 'permission', anyOf: ['attendance:write'] },
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const send = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
  return {
    app,
    port,
    fetch: send,
    post: (path, body, headers = { 'content-type': 'application/json' }) =>
      send(path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) }),
    raw: (bytes, enough) => exchange(port, bytes, enough),
    close: () => app.close(),
  };
}

function exchange(port: number, bytes: string, enough?: RegExp): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    let closed = false;
    const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (enough?.test(text)) socket.destroy();
    });
    socket.on('end', () => (closed = true));
    socket.on('error', () => (closed = true));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text, closed });
    });
  });
}

export interface ProblemBody {
  readonly code: string;
  readonly status: number;
  readonly instance: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

/** The problem of a refusal, after checking what every refusal owes its caller. */
export async function problemOf(response: Response): Promise<ProblemBody> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = (await response.json()) as ProblemBody;
  expect(body).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') });
  return body;
}
