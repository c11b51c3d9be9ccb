import type { MerchantRef } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { Transactions } from '../../database/transactions.js';
import { RegistryRepository } from '../../registry/registry.repository.js';
import type { IncomingCall } from '../incoming-call.js';
import type { IntakeResult } from '../intake/intake-result.js';
import { UnmatchedMatcher } from '../unmatched/unmatched-matcher.js';
import { TokenDirectories } from './token-directories.js';

export interface KnownToken extends MerchantRef {
  readonly tokenId: string;
}

/**
 * A token that is not registered, of a merchant with a directory of its own: if the directory knows it, it becomes
 * registered, and the call, which is on disk as unmatched, a notification. For tokens that are registered nothing is
 * asked: the intake's one statement stays one.
 */
@Injectable()
export class TokenAdmission {
  constructor(
    private readonly directories: TokenDirectories,
    private readonly transactions: Transactions,
    private readonly registry: RegistryRepository,
    private readonly matcher: UnmatchedMatcher,
  ) {}

  /**
   * @returns what became of the call in the end
   * @throws Unavailable where the directory does not say in time; the call stays on disk as unmatched
   */
  async admit(call: IncomingCall, result: IntakeResult): Promise<IntakeResult | { readonly kind: 'admitted' }> {
    if (result.kind !== 'unmatched' || result.reason !== 'UNKNOWN_TOKEN' || !this.directories.isFor(call))
      return result;
    if (!(await this.directories.has(call, call.tokenId))) return result;
    await this.register([call]);
    return { kind: 'admitted' };
  }

  /** Registers tokens that a directory knows. What is on disk of them as unmatched becomes notifications. */
  async register(tokens: readonly KnownToken[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      for (const { merchantGatewayId, merchantId, tokenId } of tokens) {
        await this.registry.putTokens(manager, merchantGatewayId, merchantId, [tokenId]);
      }
    });
    await this.matcher.match();
  }
}
