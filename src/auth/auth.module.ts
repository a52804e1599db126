import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { AccessTokens } from './access-tokens';
import { ApiKeysRepository } from './api-keys.repository';
import { AuthController } from './auth.controller';
import { ExternalIssuers } from './external-issuers';
import { JwksController } from './jwks.controller';
import { KeyAuthentication } from './key-authentication';
import { KeyUses } from './key-uses';
import { PasswordPolicy } from './password-policy';
import { PASSWORD_COST, passwordCost, Passwords } from './passwords';
import { PrincipalDirectory } from './principal-directory';
import { PrincipalsRepository } from './principals.repository';
import { RefreshTokensRepository } from './refresh-tokens.repository';
import { SessionIssuer } from './session-issuer';
import { SessionsService } from './sessions.service';
import { SignInService } from './sign-in.service';
import { SigningKeys } from './signing-keys';
import { TokenVerifier } from './token-verifier';

/**
 * Who is calling, and what they may do. The guards are registered in app.module.ts, in the order in which a request meets
 * them: AuthenticationGuard, TenantGuard, PermissionGuard.
 */
@Module({
  imports: [DiscoveryModule],
  controllers: [AuthController, JwksController],
  providers: [
    { provide: SigningKeys, inject: [CONFIG], useFactory: (config: Config) => SigningKeys.open(config) },
    {
      provide: PASSWORD_COST,
      inject: [CONFIG],
      useFactory: (config: Config) => passwordCost(config.AUTH_PASSWORD_COST),
    },
    AccessTokens,
    ApiKeysRepository,
    ExternalIssuers,
    KeyAuthentication,
    KeyUses,
    PasswordPolicy,
    Passwords,
    PrincipalDirectory,
    PrincipalsRepository,
    RefreshTokensRepository,
    SessionIssuer,
    SessionsService,
    SignInService,
    TokenVerifier,
  ],
  exports: [
    AccessTokens,
    KeyAuthentication,
    PasswordPolicy,
    Passwords,
    PrincipalDirectory,
    RefreshTokensRepository,
    SigningKeys,
    TokenVerifier,
    DiscoveryModule,
  ],
})
export class AuthModule {}
