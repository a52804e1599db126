import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  UseInterceptors,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import { Audited } from '../audit/ledger/audited.decorator';
import type { AuditedAction, AuditedEntity } from '../audit/ledger/entry';
import { Allow, OpenToKeys } from '../auth/access.decorators';
import { callerOf, type Permission } from '../auth/principal';
import { expectedVersion } from '../http/input/if-match';
import { EntityTagInterceptor } from './entity-tag.interceptor';

interface RouteCard {
  /** One of these opens it. Left out where the controller says it for all of its routes. */
  readonly allow?: readonly [Permission, ...Permission[]];
  readonly summary: string;
  readonly description?: string;
  /** What the body of the answer is, where the usual words do not say it. */
  readonly answer?: string;
}

interface ReadCard extends RouteCard {
  /** Left out where it answers no JSON: such a route says itself what it sends. */
  readonly ok?: ZodType;
  /** What is answered carries a `version`, which becomes the ETag. */
  readonly versioned?: boolean;
}

interface WriteCard extends RouteCard {
  /** What a 200 answers, or what a 201 does. */
  readonly ok?: ZodType;
  readonly created?: ZodType;
  /** An API key may do it as well: nothing that a person has to answer for. */
  readonly openToKeys?: boolean;
}

/** A route that reads: who may, what it is for, what it answers. */
export const ReadRoute = ({ ok, versioned = false, ...card }: ReadCard) =>
  applyDecorators(
    ...policyOf(card),
    ...(ok ? [ApiOkResponse({ standardSchema: ok, description: card.answer ?? '' })] : []),
    ...(versioned ? [UseInterceptors(EntityTagInterceptor)] : []),
  );

/** A route that writes: what its entries in the ledger are about, who may, what it is for, what it answers. */
export const WriteRoute = (entity: AuditedEntity, action: AuditedAction, card: WriteCard) =>
  applyDecorators(
    Audited(entity, action),
    ...policyOf(card),
    ...(card.openToKeys ? [OpenToKeys()] : []),
    ...answerOf(action, card),
  );

/** Who is calling, as the guards have established it. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(requestOf(context)));

/** The version that the If-Match header demands, or undefined where any will do; documented with the route. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext) => expectedVersion(requestOf(context).headers['if-match']),
  [
    (target, method) => {
      const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
      if (method !== undefined && descriptor)
        ApiHeader({ name: 'if-match', required: false })(target, method, descriptor);
    },
  ],
);

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>();

const policyOf = ({ allow, summary, description }: RouteCard) => [
  ...(allow ? [Allow(...allow)] : []),
  ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
];

/** What the body of a 200 is, where the route is one of the usual ones. */
const usual: Partial<Record<AuditedAction, string>> = { update: 'As it is now', delete: 'What was deleted' };

const answerOf = (action: AuditedAction, { ok, created, answer }: WriteCard) => [
  ...(created ? [ApiCreatedResponse({ standardSchema: created, description: answer ?? 'What was created' })] : []),
  ...(ok ? [HttpCode(200), ApiOkResponse({ standardSchema: ok, description: answer ?? usual[action] ?? '' })] : []),
];
