import { Injectable, Logger } from '@nestjs/common';
import { OAuthErrorCode } from '@gateway/d1-contract';
import type { AuditActor } from '../../audit/audit-actor.js';
import { AuditLog } from '../../audit/audit-log.js';
import { InvalidAccessTokenRequest } from '../auth-errors.js';
import { ManageableTokens, type TokenManager } from './manageable-tokens.js';
import { RevokedAccessTokens } from './revoked-access-tokens.js';

@Injectable()
export class TokenRevocation {
  private readonly logger = new Logger(TokenRevocation.name);

  constructor(
    private readonly tokens: ManageableTokens,
    private readonly revoked: RevokedAccessTokens,
    private readonly audit: AuditLog,
  ) {}

  /**
   * One that is of no use any more is as good as revoked (RFC 7009, section 2.2).
   *
   * @throws InvalidAccessTokenRequest where it is somebody else's
   */
  async revoke(accessToken: string, by: TokenManager & AuditActor): Promise<void> {
    const token = await this.tokens.active(accessToken);
    if (!token) return;
    if (!(await this.tokens.isOf(token, by))) {
      throw new InvalidAccessTokenRequest(OAuthErrorCode.InvalidRequest, 'token was not issued to this client');
    }
    const { jti, clientId, expiresAtMs } = token;
    const target = `/registry/clients/${clientId}`;
    const after = { jti, expiresAt: new Date(expiresAtMs).toISOString() };
    const merchantGatewayId = await this.tokens.onlyMerchantGatewayOf(token);
    await this.revoked.revoke({ jti, clientId, revokedBy: by.clientId, expiresAtMs }, (manager) =>
      this.audit.write(manager, by, { action: 'access-token.revoke', merchantGatewayId, target, after }),
    );
    this.logger.log({ msg: 'An access token was revoked', clientId });
  }
}
