import { Injectable } from '@nestjs/common';
import { Scope } from '@gateway/d1-contract';
import { Unauthorized } from '../auth-errors.js';
import { AccessTokenVerifier, type VerifiedAccessToken } from '../access-tokens/access-token-verifier.js';
import { ClientDirectory } from '../clients/client-directory.js';
import { RevokedAccessTokens } from './revoked-access-tokens.js';

/** Who asks about an access token. */
export interface TokenManager {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly merchantGateways: ReadonlySet<string> | 'all';
  /** Whether they are all there are, and those that come, too. */
  readonly isUnlimited?: boolean | undefined;
}

/** Access tokens, as those may see them who may revoke or look into them. */
@Injectable()
export class ManageableTokens {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly clients: ClientDirectory,
    private readonly revoked: RevokedAccessTokens,
  ) {}

  /** @returns undefined where it is none of ours, has run out, is revoked, or its client is disabled */
  async active(accessToken: string): Promise<VerifiedAccessToken | undefined> {
    const verified = await this.verified(accessToken);
    if (!verified || this.revoked.has(verified.jti)) return undefined;
    return (await this.clients.find(verified.clientId)) ? verified : undefined;
  }

  /** Its own, and for an operator those of clients that act for no merchant gateway but the operator's. */
  async isOf({ clientId }: VerifiedAccessToken, manager: TokenManager): Promise<boolean> {
    if (clientId === manager.clientId) return true;
    if (!manager.scopes.includes(Scope.Operate)) return false;
    const { merchantGateways } = manager;
    if (merchantGateways === 'all') return true;
    const client = await this.clients.find(clientId);
    // Of one that acts for none, no operator is in charge.
    if (!client || client.merchantGateways.size === 0) return false;
    // Whoever is named for each of them is not yet of all: the next one is not its own.
    if (client.isUnlimited && !manager.isUnlimited) return false;
    return [...client.merchantGateways].every((id) => merchantGateways.has(id));
  }

  /** Whose operators are told of it: null where it is for several, or for all of them. */
  async onlyMerchantGatewayOf({ clientId }: VerifiedAccessToken): Promise<string | null> {
    const client = await this.clients.find(clientId);
    const [only = null, ...others] = client?.isUnlimited ? [] : (client?.merchantGateways ?? []);
    return others.length === 0 ? only : null;
  }

  private async verified(accessToken: string): Promise<VerifiedAccessToken | undefined> {
    try {
      return await this.verifier.verify(accessToken);
    } catch (error) {
      if (error instanceof Unauthorized) return undefined;
      throw error;
    }
  }
}
