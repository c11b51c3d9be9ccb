import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokenIssuer } from './access-tokens/access-token-issuer.js';
import { AccessTokenVerifier } from './access-tokens/access-token-verifier.js';
import { BearerAuthenticator } from './access-tokens/bearer-authenticator.js';
import { ClientAuthenticator } from './clients/client-authenticator.js';
import { ClientDirectory } from './clients/client-directory.js';
import { ClientMerchantGateway } from './clients/client-merchant-gateway.entity.js';
import { ClientRegistrar } from './clients/client-registrar.js';
import { ClientSecret } from './clients/client-secret.entity.js';
import { Client } from './clients/client.entity.js';
import { D1Guard } from './d1.guard.js';
import { DiscoveryController } from './keys/discovery.controller.js';
import { SigningKeyFile } from './keys/signing-key-file.js';
import { SigningKey } from './keys/signing-key.entity.js';
import { SigningKeyStore } from './keys/signing-key.store.js';
import { SigningKeys } from './keys/signing-keys.js';
import { OperatorGuard } from './operator.guard.js';
import { SecretHasher } from './secret-hashing/secret-hasher.js';
import { SlowHash } from './secret-hashing/slow-hash.js';
import { AccessTokenController } from './token-endpoint/access-token.controller.js';
import { BasicStrategy } from './token-endpoint/basic.strategy.js';
import { GuessThrottle } from './token-endpoint/guess-throttle.js';

/** Who is calling: client credentials, access tokens, signing keys, guards. */
@Module({
  imports: [PassportModule, TypeOrmModule.forFeature([Client, ClientMerchantGateway, ClientSecret, SigningKey])],
  controllers: [AccessTokenController, DiscoveryController],
  providers: [
    AccessTokenIssuer,
    AccessTokenVerifier,
    BasicStrategy,
    BearerAuthenticator,
    ClientAuthenticator,
    ClientDirectory,
    ClientRegistrar,
    D1Guard,
    GuessThrottle,
    OperatorGuard,
    SecretHasher,
    SigningKeyFile,
    SigningKeyStore,
    SigningKeys,
    SlowHash,
  ],
  exports: [BearerAuthenticator, ClientRegistrar, D1Guard, OperatorGuard],
})
export class AuthModule {}
