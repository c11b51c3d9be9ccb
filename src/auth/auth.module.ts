import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { AccessTokenIssuer } from './access-tokens/access-token-issuer.js';
import { AccessTokenSigner } from './access-tokens/access-token-signer.js';
import { AccessTokenVerifier } from './access-tokens/access-token-verifier.js';
import { BearerAuthenticator } from './access-tokens/bearer-authenticator.js';
import { CertificateBinding } from './certificates/certificate-binding.js';
import { ClientCertificates } from './certificates/client-certificates.js';
import { ClientAuthenticator } from './clients/client-authenticator.js';
import { ClientDirectory } from './clients/client-directory.js';
import { ClientMerchantGateway } from './clients/client-merchant-gateway.entity.js';
import { ClientRegistrar } from './clients/client-registrar.js';
import { ClientSecret } from './clients/client-secret.entity.js';
import { Client } from './clients/client.entity.js';
import { SecretUses } from './clients/secret-uses.js';
import { GatewayAuthentications } from './gateway-authentications.js';
import { D1Guard } from './d1.guard.js';
import { DiscoveryController } from './keys/discovery.controller.js';
import { SigningKeyFile } from './keys/signing-key-file.js';
import { SigningKey } from './keys/signing-key.entity.js';
import { SigningKeyRotation } from './keys/signing-key-rotation.js';
import { SigningKeyStore } from './keys/signing-key.store.js';
import { SigningKeys } from './keys/signing-keys.js';
import { OperatorGate } from './operator-gate.js';
import { OperatorGuard } from './operator.guard.js';
import { IntrospectionController } from './revocation/introspection.controller.js';
import { ManageableTokens } from './revocation/manageable-tokens.js';
import { RevocationController } from './revocation/revocation.controller.js';
import { RevokedAccessToken } from './revocation/revoked-access-token.entity.js';
import { RevokedAccessTokens } from './revocation/revoked-access-tokens.js';
import { TokenRevocation } from './revocation/token-revocation.js';
import { SecretHasher } from './secret-hashing/secret-hasher.js';
import { SlowHash } from './secret-hashing/slow-hash.js';
import { AccessTokenController } from './token-endpoint/access-token.controller.js';
import { BasicStrategy } from './token-endpoint/basic.strategy.js';
import { KnownClientLane } from './token-endpoint/known-client-lane.js';
import { UnprovenTurns } from './token-endpoint/unproven-turns.js';
import { guessLimitersProvider } from './guessing/guess-limiters.provider.js';
import { GuessThrottle } from './guessing/guess-throttle.js';

/** Who is calling: client credentials, access tokens, signing keys, guards. */
@Module({
  imports: [
    AuditModule,
    PassportModule,
    TypeOrmModule.forFeature([Client, ClientMerchantGateway, ClientSecret, RevokedAccessToken, SigningKey]),
  ],
  controllers: [AccessTokenController, DiscoveryController, IntrospectionController, RevocationController],
  providers: [
    AccessTokenIssuer,
    AccessTokenSigner,
    AccessTokenVerifier,
    BasicStrategy,
    BearerAuthenticator,
    ClientAuthenticator,
    CertificateBinding,
    ClientCertificates,
    ClientDirectory,
    ClientRegistrar,
    D1Guard,
    GatewayAuthentications,
    GuessThrottle,
    guessLimitersProvider,
    KnownClientLane,
    ManageableTokens,
    OperatorGate,
    OperatorGuard,
    RevokedAccessTokens,
    SecretHasher,
    SecretUses,
    SigningKeyFile,
    SigningKeyRotation,
    SigningKeyStore,
    SigningKeys,
    SlowHash,
    TokenRevocation,
    UnprovenTurns,
  ],
  exports: [
    BearerAuthenticator,
    ClientCertificates,
    ClientRegistrar,
    D1Guard,
    GatewayAuthentications,
    OperatorGuard,
    SecretHasher,
    SigningKeyStore,
    SigningKeys,
  ],
})
export class AuthModule {}
