import { applyDecorators, Body, Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../audit/ledger/audited.decorator';
import type { AuditedAction } from '../audit/ledger/entry';
import { NoReplay } from '../idempotency/no-replay.decorator';
import { problemDocument, type Problem } from '../http/problems/problem';
import { clientAddress } from '../http/request/request-target';
import { Public, SignedIn } from './access.decorators';
import {
  refreshTokenBody,
  session,
  signedInUser,
  signIn,
  type RefreshTokenBody,
  type Session,
  type SignedInUser,
  type SignIn,
} from './auth.schemas';
import { callerOf } from './principal';
import { refreshRefused, signInFailed, tenantAmbiguous } from './refusals';
import type { Origin } from './session-evidence';
import { SessionsService } from './sessions.service';
import { SignInService } from './sign-in.service';

/** What the routes that hand out or end sign-ins have in common: no token is needed, and no answer is ever kept. */
const SessionRoute = (route: {
  readonly action: AuditedAction;
  readonly status: 200 | 204;
  readonly noReplay: string;
  readonly summary: string;
  readonly description: string;
  readonly refusals: readonly Problem[];
}) =>
  applyDecorators(
    Public(),
    NoReplay(route.noReplay),
    Audited('session', route.action),
    HttpCode(route.status),
    Header('Cache-Control', 'no-store'),
    ApiOperation({ summary: route.summary, description: route.description }),
    ...refusalsOf(route.refusals),
    route.status === 204
      ? ApiNoContentResponse({ description: 'The sign-in has ended.' })
      : ApiOkResponse({ standardSchema: session, description: 'The tokens, and who they stand for.' }),
  );

/** What every problem says about the request it answers, for the examples. */
const ofOneRequest = { instance: '/api/auth', requestId: '0198b0c7-5d3e-7cc4-9a2e-3f1d2c4b5a69' };

/** The refusals of a route as they are really sent, one answer for each status. */
function refusalsOf(refusals: readonly Problem[]): MethodDecorator[] {
  return [...new Set(refusals.map(({ status }) => status))].map((status) => {
    const these = refusals.filter((problem) => problem.status === status);
    const examples = Object.fromEntries(
      these.map((problem) => [problem.code, { value: { ...problemDocument(problem), ...ofOneRequest } }]),
    );
    return ApiResponse({
      status,
      description: these.map(({ code, detail }) => `\`${code}\`: ${detail}`).join(' '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
    });
  });
}

@ApiTags('auth')
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
  ) {}

  @Post('login')
  @SessionRoute({
    action: 'login',
    status: 200,
    noReplay: 'an answer that holds tokens is never stored; signing in twice makes two sessions and harms nothing',
    summary: 'Sign in with address and password',
    description:
      'Answers an access token for the `Authorization: Bearer` header and a refresh token that renews it. Where the address and ' +
      'the password fit in several tenants, send the short name of yours as `tenant`. Every failure looks the same.',
    refusals: [signInFailed(), tenantAmbiguous()],
  })
  login(@Body({ schema: signIn }) body: SignIn, @Req() request: FastifyRequest): Promise<Session> {
    return this.signIns.signIn(body, originOf(request));
  }

  @Post('refresh-token')
  @SessionRoute({
    action: 'refresh',
    status: 200,
    noReplay:
      'an answer that holds tokens is never stored; a repetition within ten seconds gets the same refresh token',
    summary: 'Renew the access token',
    description:
      'A refresh token is good for one use; the answer holds the next one. Repeated within ten seconds, while the next one is ' +
      'unused, it gets the same next one. Used again later it revokes every token of that sign-in.',
    refusals: [refreshRefused('refresh_token_invalid'), refreshRefused('refresh_token_reused')],
  })
  refresh(
    @Body({ schema: refreshTokenBody }) body: RefreshTokenBody,
    @Req() request: FastifyRequest,
  ): Promise<Session> {
    return this.sessions.refresh(tokenIn(body), originOf(request));
  }

  @Post('logout')
  @SessionRoute({
    action: 'logout',
    status: 204,
    noReplay: 'ending what has ended changes nothing',
    summary: 'Sign out',
    description:
      'Revokes the refresh token and every other one of the same sign-in. Access tokens already handed out expire by themselves. ' +
      'An unknown or expired refresh token is answered alike.',
    refusals: [],
  })
  logout(@Body({ schema: refreshTokenBody }) body: RefreshTokenBody, @Req() request: FastifyRequest): Promise<void> {
    return this.sessions.logout(tokenIn(body), originOf(request));
  }

  @Get('me')
  @SignedIn()
  @ApiOperation({
    summary: 'Who am I?',
    description:
      'The person behind the access token, with tenant, roles and permissions; or the API key, which has a name and permissions, and neither address nor roles.',
  })
  @ApiOkResponse({ standardSchema: signedInUser, description: 'The person or the API key.' })
  me(@Req() request: FastifyRequest): Promise<SignedInUser> {
    return this.sessions.me(callerOf(request));
  }
}

/** By whichever name it was sent. */
const tokenIn = ({ refreshToken, token }: RefreshTokenBody) => refreshToken ?? token ?? '';

function originOf(request: FastifyRequest): Origin {
  return { requestId: request.id, ip: clientAddress(request) };
}
