import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from './access.decorators';
import { SigningKeys } from './signing-keys';

const keySet = z
  .object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.string() })) })
  .meta({
    id: 'JsonWebKeySet',
    example: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          kid: 'k1',
          alg: 'EdDSA',
          use: 'sig',
        },
      ],
    },
  });

@ApiTags('auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({
    summary: 'Keys that verify our access tokens',
    description:
      'The public keys as a JSON Web Key Set (RFC 7517), for services that check our tokens themselves. May be cached for five minutes.',
  })
  @ApiOkResponse({ standardSchema: keySet, description: 'The key set.' })
  published(): ReturnType<SigningKeys['published']> {
    return this.keys.published();
  }
}
