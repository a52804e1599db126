import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { UnitOfWork } from '../database/unit-of-work';
import { AnonymousQuota } from './anonymous-quota';
import { ConcurrentRequests } from './concurrent-requests';
import { CountsInReach } from './counts-in-reach';
import { CreditQuotas } from './credit-quotas';
import { KnownAddresses } from './known-addresses';
import { PostgresCounts } from './postgres-counts';
import { QuotaPolicies } from './quota-policy';
import { QuotaStore } from './quota-store';
import { RedisCounts } from './redis-counts';
import { SHARED_COUNTS, type SharedCounts } from './shared-counts';
import { SharedQuotas } from './shared-quotas';
import { SignInQuota } from './sign-in-quota';

/** The state behind the quotas, in a module of its own so that the library's module can be given it as well. */
@Module({
  providers: [
    { provide: QuotaPolicies, useFactory: (config: Config) => new QuotaPolicies(config), inject: [CONFIG] },
    { provide: QuotaStore, useFactory: () => new QuotaStore() },
    {
      provide: SHARED_COUNTS,
      inject: [UnitOfWork, CONFIG],
      useFactory: (work: UnitOfWork, { REDIS_URL }: Config): SharedCounts =>
        REDIS_URL === undefined ? new PostgresCounts(work) : new RedisCounts(REDIS_URL),
    },
    CountsInReach,
    SharedQuotas,
    CreditQuotas,
    ConcurrentRequests,
  ],
  exports: [QuotaPolicies, QuotaStore, CountsInReach, SharedQuotas, CreditQuotas, ConcurrentRequests],
})
class QuotaStateModule {}

/**
 * Quotas and IP rules. AnonymousQuota stands in front of Nest; the guards are registered in app.module.ts, where their order can be
 * seen: SignInQuotaGuard, authentication, QuotaGuard. The library's module knows the same policies and the same store, for a route that wants a
 * quota of its own by `@Throttle` and `ThrottlerGuard`.
 */
@Module({
  imports: [
    QuotaStateModule,
    ThrottlerModule.forRootAsync({
      imports: [QuotaStateModule],
      inject: [QuotaPolicies, SharedQuotas],
      useFactory: (policies: QuotaPolicies, storage: SharedQuotas) => ({
        storage,
        throttlers: policies.all.map(({ name, limit, windowMs }) => ({ name, limit, ttl: windowMs })),
      }),
    }),
  ],
  providers: [AnonymousQuota, KnownAddresses, SignInQuota],
  exports: [AnonymousQuota, SignInQuota, QuotaStateModule],
})
export class RateLimitModule implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly anonymous: AnonymousQuota,
    private readonly signIn: SignInQuota,
  ) {}

  /**
   * Addresses are looked at with the first lines of a request, since reading a body is work that nobody has been let in for yet. Some
   * requests count by how they end, and that is known for certain only when the answer is out. What admission.ts refuses never gets as far as
   * our hooks: it is counted there.
   */
  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.countRefusal = (request) => this.anonymous.refused(request);
    fastify.addHook('onRequest', (request, reply, done) => {
      const refuse = (error: unknown) => {
        // The rest of its body is not waited for: a connection held open by it would be neither idle nor of any use.
        reply.header('connection', 'close');
        done(error instanceof Error ? error : new Error('not an Error', { cause: error }));
      };
      try {
        const wait = this.anonymous.admit(request, reply);
        if (wait)
          wait.then(() => {
            done();
          }, refuse);
        else done();
      } catch (error) {
        refuse(error);
      }
    });
    fastify.addHook('preValidation', (request, _reply, done) => {
      this.anonymous.bodyRead(request);
      done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      const status = reply.statusCode;
      if (status === 401 && request.headers.authorization) this.anonymous.failed(request);
      if (request.method === 'POST') {
        this.signIn.settle(request, status);
        this.anonymous.settle(request, status);
      }
      done();
    });
  }
}
