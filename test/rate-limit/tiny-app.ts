import {
  type ArgumentsHost,
  type CanActivate,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Global,
  Headers,
  HttpCode,
  Injectable,
  Module,
  Post,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../../src/auth/access.decorators';
import type { Principal } from '../../src/auth/principal';
import { loadConfig } from '../../src/config/config';
import { ConfigModule } from '../../src/config/config.module';
import { httpAdapter } from '../../src/http/server/adapter';
import { Problem, problemDocument } from '../../src/http/problems/problem';
import { SignInQuotaGuard } from '../../src/rate-limit/sign-in-quota.guard';
import { IpRulesGuard } from '../../src/rate-limit/ip-rules.guard';
import { QuotaGuard } from '../../src/rate-limit/quota.guard';
import { tenantQuotas } from '../../src/tenancy/tenant-quotas';
import { UnitOfWork } from '../../src/database/unit-of-work';
import { ApplicationRegistry } from '../../src/metrics/instruments/application-registry';
import { InstrumentsModule } from '../../src/metrics/instruments/instruments.module';
import { RateLimitModule } from '../../src/rate-limit/rate-limit.module';

/** How often a token was verified: what a flood must not be able to cause. */
export const verified = { count: 0 };

const quotas = tenantQuotas.parse({});

/** `Bearer tenant/user[/network,network…]` is a valid token; everything else is not. */
@Injectable()
class FakeAuthentication implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!request.url.startsWith('/api/me') && !request.url.startsWith('/api/export')) return true;
    if (request.headers.authorization) verified.count++;
    const [, tenantId, userId, networks] =
      /^Bearer (\w+)\/(\w+)(?:\|(.*))?$/.exec(request.headers.authorization ?? '') ?? [];
    if (!tenantId || !userId) throw new Problem('unauthorized', 'A valid token is needed.');
    request.principal = {
      tenantId,
      userId,
      allowedNetworks: networks?.split(',') ?? [],
      quotas,
    } as unknown as Principal;
    return true;
  }
}

@Catch(Problem)
class ProblemFilter implements ExceptionFilter<Problem> {
  catch(problem: Problem, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .status(problem.status)
      .headers(problem.extras.headers ?? {})
      .type('application/problem+json')
      .send(problemDocument(problem));
  }
}

@Controller()
class Routes {
  @Get(['health', 'health/live', 'ready', 'metrics', 'api/version'])
  probe() {
    return { status: 'ok' };
  }

  @Get('api/me')
  me() {
    return { ok: true };
  }

  @Post('api/me')
  change() {
    return { ok: true };
  }

  @Get('api/export')
  @Allow('attendance:admin')
  export() {
    return { ok: true };
  }

  @Get('api/public')
  open() {
    return { ok: true };
  }

  @Post('api/auth/login')
  @HttpCode(200)
  login(@Body() body: { password?: string } | undefined) {
    if (body?.password === 'broken') throw new Problem('database_unavailable', 'The database is away.');
    if (body?.password !== 'right') throw new Problem('sign_in_failed', 'No.');
    return { token: 't' };
  }

  @Post('api/auth/refresh-token')
  @HttpCode(200)
  refresh(@Headers('x-good') good: string | undefined) {
    if (!good) throw new Problem('refresh_token_invalid', 'No.');
    return { token: 't' };
  }
}

const refused = () => Promise.reject(new Error('connection refused'));

/** No database: this process counts alone, as when the others cannot be reached (LIM-16). */
@Global()
@Module({
  providers: [{ provide: UnitOfWork, useValue: { write: refused, read: refused } }],
  exports: [UnitOfWork],
})
class NoDatabaseModule {}

/**
 * A server with nothing in it but the quotas, in the order in which app.module.ts registers them. It stands behind
 * `trustedProxies` proxies, so that a test can speak from any address.
 */
export async function tinyApp(
  settings: Record<string, string>,
  trustedProxies: number,
): Promise<NestFastifyApplication> {
  verified.count = 0;
  const config = loadConfig({ ...settings, TRUSTED_PROXIES: String(trustedProxies) });
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.for(config),
      InstrumentsModule.for(new ApplicationRegistry()),
      NoDatabaseModule,
      RateLimitModule,
    ],
    controllers: [Routes],
    providers: [
      { provide: APP_GUARD, useClass: SignInQuotaGuard },
      { provide: APP_GUARD, useClass: FakeAuthentication },
      { provide: APP_GUARD, useClass: IpRulesGuard },
      { provide: APP_GUARD, useClass: QuotaGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(httpAdapter(config), { bodyParser: false });
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  return app;
}
