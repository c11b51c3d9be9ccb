import { Controller, HttpCode, Post } from '@nestjs/common';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { SigningKeyItem } from './client-bodies.js';
import { RegistryController } from './registry-routes.js';
import { SigningKeysService } from './signing-keys.service.js';

@Controller('registry/signing-keys')
@RegistryController()
export class SigningKeysController {
  constructor(private readonly keys: SigningKeysService) {}

  @Post()
  @HttpCode(201)
  @ApiOperatorRoute({
    tag: 'registry',
    operationId: 'rotateSigningKey',
    summary: 'Have access tokens signed with a new key',
    description:
      'It is published at once, and signs two minutes later. What the old one signed is good until it expires. While a new one waits for its time, the answer is that one. For clients of every merchant gateway.',
    status: 201,
    type: SigningKeyItem,
    answer: 'The key that is going to sign.',
    refusals: { 409: 'SIGNING_KEY_FILE signs; replace the file instead' },
  })
  rotate(@CurrentActor() actor: Actor): Promise<SigningKeyItem> {
    return this.keys.rotate(actor);
  }
}
